import Sqlite from 'better-sqlite3';
import { queryPostgres } from './postgres-databases.ts';

/** Runs a statement on a database, past the gateway, and gives its rows. */
export async function runSql(url: string, statement: string): Promise<Record<string, any>[]> {
  if (url.startsWith('file:')) {
    const file = new Sqlite(url.slice('file:'.length));
    try {
      const prepared = file.prepare(statement);
      if (prepared.reader) return prepared.all() as Record<string, any>[];
      prepared.run();
      return [];
    } finally {
      file.close();
    }
  }
  return queryPostgres(url, statement);
}

export interface MissingTable extends AsyncDisposable {
  putBack(): Promise<void>;
}

/** Takes a table away, so that every statement that needs it fails, until it is put back. */
export async function takeTableAway(url: string, table: string): Promise<MissingTable> {
  await runSql(url, `alter table ${table} rename to ${table}_away`);
  let isAway = true;
  const putBack = async () => {
    if (isAway) await runSql(url, `alter table ${table}_away rename to ${table}`);
    isAway = false;
  };
  return { putBack, [Symbol.asyncDispose]: putBack };
}

const LIST_TABLES = {
  file: `select name from sqlite_master where type = 'table' and name not like 'sqlite%'`,
  postgres: `select tablename as name from pg_tables where schemaname = 'public'`,
};

const tablesOf = (url: string) =>
  runSql(url, url.startsWith('file:') ? LIST_TABLES.file : LIST_TABLES.postgres);

/** Every row there is, table by table, as JSON. */
export async function dumpRows(url: string): Promise<string> {
  const rows: unknown[] = [];
  for (const { name } of await tablesOf(url)) rows.push(name, await runSql(url, `select * from "${name}"`));
  return JSON.stringify(rows);
}

/** How many rows every table has. */
export async function countRows(url: string): Promise<Record<string, number>> {
  const each = (await tablesOf(url)).map(
    ({ name }) => `select '${name}' as name, count(*) as rows from "${name}"`,
  );
  const counts = await runSql(url, each.join(' union all '));
  return Object.fromEntries(counts.map(({ name, rows }) => [name, Number(rows)]));
}
