import type { ColumnKind } from './bi-columns.ts';

/** A view for analysts. Names, order and kinds of its columns are promised: new ones come at the end. */
export interface BiView {
  name: `bi_${string}`;
  /** What one row is, and what is not in it. */
  about: string;
  /** Tables and joins, the same for both databases. */
  from: string;
  columns: readonly BiColumn[];
}

export interface BiColumn {
  name: string;
  /** A column of a table, never an expression: SQLite would declare no type for it. */
  source: string;
  kind: ColumnKind;
  meaning: string;
  /** What NULL means. Null: it is never NULL. */
  whenNull: string | null;
}

const column =
  (kind: ColumnKind) =>
  (name: string, source: string, meaning: string, whenNull: string | null = null): BiColumn => ({
    name,
    source,
    kind,
    meaning,
    whenNull,
  });

export const text = column('TEXT');
export const integer = column('INTEGER');
export const real = column('REAL');
export const boolean = column('BOOLEAN');
export const time = column('TIME');
export const date = column('DATE');

/** A time in UTC, and its day in Beijing beside it. */
export const timeAndDate = (
  name: string,
  source: string,
  meaning: string,
  whenNull: string | null = null,
): BiColumn[] => {
  const stem = name.replace(/_at$/, '');
  const sourceStem = source.replace(/_at$/, '');
  return [
    time(name, source, `${meaning} UTC.`, whenNull),
    date(`${stem}_date_cn`, `${sourceStem}_date_cn`, `The Beijing date of \`${name}\`.`, whenNull),
  ];
};

/** WeChat's figures of a result event, from a table that has them. */
export const counts = (table: string, whenNull: string): BiColumn[] => [
  integer('total_count', `${table}.total_count`, 'Followers in the audience (TotalCount).', whenNull),
  integer(
    'eligible_count',
    `${table}.eligible_count`,
    'Left to send to after filtering: who refuses messages or has had four this month is out (FilterCount).',
    whenNull,
  ),
  integer('sent_count', `${table}.sent_count`, 'Delivered (SentCount).', whenNull),
  integer('failed_count', `${table}.failed_count`, 'Not delivered (ErrorCount).', whenNull),
];
