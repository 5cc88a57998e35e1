export type ColumnKind = 'TEXT' | 'INTEGER' | 'REAL' | 'BOOLEAN' | 'TIME' | 'DATE';

export type Dialect = 'sqlite' | 'postgres';

/** As the column makers of each database declare them, in the letters SQLite tells them with; it has no booleans of its own. */
export const declaredTypes: Record<Dialect, Record<ColumnKind, string>> = {
  sqlite: {
    TEXT: 'TEXT',
    INTEGER: 'INTEGER',
    REAL: 'REAL',
    BOOLEAN: 'INTEGER',
    TIME: 'DATETIME',
    DATE: 'DATE',
  },
  postgres: {
    TEXT: 'text',
    INTEGER: 'bigint',
    REAL: 'double precision',
    BOOLEAN: 'boolean',
    TIME: 'timestamp(3) with time zone',
    DATE: 'date',
  },
};

/**
 * A column that the database computes from others of its row. SQLite declares no type for an expression in a view, and BI tools cannot
 * read a column without one, so whatever a view has to compute is a column of its table.
 *
 * They are not among the tables that drizzle knows: no `select()` of the gateway computes or reads one, no insert can name one, and
 * drizzle-kit, which compares those tables with its own snapshots and never with a database, does not want to drop them.
 */
export interface GeneratedColumn {
  table: string;
  name: string;
  kind: ColumnKind;
  /** What it is computed from, for each database. */
  from: Record<Dialect, string>;
}

/** China has had one time, eight hours before UTC, since 1991. */
const dateCn = (table: string, time: string): GeneratedColumn => ({
  table,
  name: `${time.replace(/_at$/, '')}_date_cn`,
  kind: 'DATE',
  from: {
    sqlite: `date("${time}", '+8 hours')`,
    postgres: `("${time}" at time zone 'Asia/Shanghai')::date`,
  },
});

const hourCn = (table: string, time: string): GeneratedColumn => ({
  table,
  name: `${time.replace(/_at$/, '')}_hour_cn`,
  kind: 'INTEGER',
  from: {
    sqlite: `cast(strftime('%H', "${time}", '+8 hours') as integer)`,
    postgres: `extract(hour from "${time}" at time zone 'Asia/Shanghai')::bigint`,
  },
});

const inJson = (table: string, name: string, kind: ColumnKind, column: string, key: string) => ({
  table,
  name,
  kind,
  from: {
    sqlite: `json_extract("${column}", '$.${key}')`,
    postgres: `("${column}" ->> '${key}')::${declaredTypes.postgres[kind]}`,
  },
});

export const generatedColumns: readonly GeneratedColumn[] = [
  dateCn('campaigns', 'created_at'),
  dateCn('campaigns', 'scheduled_at'),
  dateCn('campaigns', 'submitted_at'),
  hourCn('campaigns', 'submitted_at'),
  dateCn('campaigns', 'finished_at'),
  dateCn('campaigns', 'deleted_at'),
  dateCn('jobs', 'submitted_at'),
  hourCn('jobs', 'submitted_at'),
  dateCn('jobs', 'finished_at'),
  dateCn('jobs', 'deleted_at'),
  inJson('jobs', 'failure_code', 'INTEGER', 'failure', 'code'),
  inJson('jobs', 'failure_reason', 'TEXT', 'failure', 'reason'),
  inJson('jobs', 'failure_retryable', 'BOOLEAN', 'failure', 'retryable'),
  dateCn('job_articles', 'deleted_at'),
  { ...dateCn('events', 'at'), name: 'at_date_cn' },
  inJson('events', 'total_count', 'INTEGER', 'counts', 'total'),
  inJson('events', 'eligible_count', 'INTEGER', 'counts', 'eligible'),
  inJson('events', 'sent_count', 'INTEGER', 'counts', 'sent'),
  inJson('events', 'failed_count', 'INTEGER', 'counts', 'failed'),
  inJson('events', 'copyright_state', 'TEXT', 'copyright_check', 'state'),
];
