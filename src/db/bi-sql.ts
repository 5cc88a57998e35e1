import { type Dialect, declaredTypes, type GeneratedColumn, generatedColumns } from './bi-columns.ts';
import type { BiView } from './bi-view.ts';
import { biViews } from './bi-views.ts';

/** The days are written by the migration: no report can be asked of a database that has none. */
const calendarTable = (dialect: Dialect): string => {
  const { DATE, INTEGER, TEXT } = declaredTypes[dialect];
  return `CREATE TABLE calendar_days (
  date_cn ${DATE} PRIMARY KEY NOT NULL,
  year ${INTEGER} NOT NULL, month ${TEXT} NOT NULL, iso_week ${TEXT} NOT NULL, weekday ${INTEGER} NOT NULL
)`;
};

const calendarDays: Record<Dialect, string> = {
  sqlite: `INSERT INTO calendar_days
WITH RECURSIVE days(day) AS (SELECT '2020-01-01' UNION ALL SELECT date(day, '+1 day') FROM days WHERE day < '2039-12-31')
SELECT day, cast(strftime('%Y', day) AS integer), strftime('%Y-%m', day), strftime('%G-W%V', day), cast(strftime('%u', day) AS integer) FROM days`,
  postgres: `INSERT INTO calendar_days
SELECT day::date, extract(year from day)::bigint, to_char(day, 'YYYY-MM'), to_char(day, 'IYYY-"W"IW'), extract(isodow from day)::bigint
FROM generate_series(timestamp '2020-01-01', timestamp '2039-12-31', interval '1 day') day`,
};

/** For campaigns whose results came before they were summed. */
const campaignCounts = `UPDATE campaigns SET
  total_count = (SELECT sum(total_count) FROM jobs WHERE campaign_id = campaigns.id),
  eligible_count = (SELECT sum(eligible_count) FROM jobs WHERE campaign_id = campaigns.id),
  sent_count = (SELECT sum(sent_count) FROM jobs WHERE campaign_id = campaigns.id),
  failed_count = (SELECT sum(failed_count) FROM jobs WHERE campaign_id = campaigns.id)`;

const columnClause = ({ name, kind, from }: GeneratedColumn, dialect: Dialect): string =>
  `ADD COLUMN "${name}" ${declaredTypes[dialect][kind]} GENERATED ALWAYS AS (${from[dialect]}) ${dialect === 'sqlite' ? 'VIRTUAL' : 'STORED'}`;

/** Postgres lets a view grow at its end without taking away what others were granted on it. */
const create: Record<Dialect, string> = { sqlite: 'CREATE VIEW', postgres: 'CREATE OR REPLACE VIEW' };

const createView = ({ name, from, columns }: BiView, dialect: Dialect): string =>
  `${create[dialect]} ${name} AS SELECT
${columns.map((column) => `  ${column.source} AS ${column.name}`).join(',\n')}
FROM ${from}`;

/** What the statements of the migrations so far, in their order, lack of what is described here. */
export function missingBiStatements(dialect: Dialect, migrated: readonly string[]): string[] {
  const once = [calendarTable(dialect), calendarDays[dialect], campaignCounts].filter(
    (statement) => !migrated.includes(statement),
  );
  const views = biViews.flatMap((view) => {
    const last = migrated.findLast((statement) => statement.startsWith(`${create[dialect]} ${view.name} `));
    const wanted = createView(view, dialect);
    if (last === wanted) return [];
    return last && dialect === 'sqlite' ? [`DROP VIEW ${view.name}`, wanted] : [wanted];
  });
  return [...once, ...missingColumns(dialect, migrated), ...views];
}

function missingColumns(dialect: Dialect, migrated: readonly string[]): string[] {
  const tables = Map.groupBy(generatedColumns, ({ table }) => table);
  return [...tables].flatMap(([table, columns]) => {
    const alter = `ALTER TABLE ${table} `;
    const altered = migrated.filter((statement) => statement.startsWith(alter));
    const missing = columns
      .map((column) => columnClause(column, dialect))
      .filter((clause) => !altered.some((statement) => statement.includes(clause)));
    if (missing.length === 0) return [];
    // Postgres writes the table anew for every statement, SQLite takes one column at a time and writes nothing.
    const clauses = dialect === 'postgres' ? [missing.join(',\n  ')] : missing;
    return clauses.map((clause) => `${alter}${clause}`);
  });
}
