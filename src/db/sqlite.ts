import { mkdirSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { createRecent } from '../recent.ts';
import {
  type Database,
  DatabaseInUseError,
  type OnQuery,
  type Progress,
  type ProgressMemory,
  type Statement,
  type Step,
} from './database.ts';
import { createGroups } from './groups.ts';
import { createTableStates, migrationsFolder } from './last-migration.ts';
import { type Preparable, preparedByColumns } from './prepared.ts';
import * as tables from './sqlite-tables.ts';

/** Opens the file, and makes it where there is none. */
export function openSqlite(path: string, onQuery?: OnQuery): Database {
  mkdirSync(dirname(path), { recursive: true });
  let unlock = () => {};
  const file = new Sqlite(path);
  file.pragma('journal_mode = WAL');
  // A commit that a power cut takes back would be an intent that is lost, or worse, sent twice.
  file.pragma('synchronous = FULL');
  // In pages: the more commits share one, the less often the disk is waited for; the log grows to some thirty megabytes.
  file.pragma('wal_autocheckpoint = 8000');
  file.pragma('foreign_keys = ON');
  file.pragma('busy_timeout = 5000');
  const db = drizzle(keepStatements(file), {
    casing: 'snake_case',
    ...(onQuery ? { logger: { logQuery: onQuery } } : {}),
  });
  const stateOf = createTableStates('sqlite');
  const { settled, ...groups } = createGroups(async (work) =>
    file.transaction(() => drive(work(db))).immediate(),
  );

  return {
    read: db,
    tables,
    prepare,
    isAmong: (column, name) =>
      sql`${column} in (select value from json_each(${sql.param(sql.placeholder(name), asJson)}))`,
    ...groups,
    async migrate() {
      file.transaction(() => migrateTables(file)).immediate();
    },
    tableState: async () => stateOf(lastMigrationIn(file)),
    place: async () => String(statSync(path).ino),
    async own() {
      const { seen, save, close } = lockBeside(realpathSync(path));
      unlock = close;
      forgetStatistics(file);
      return { seen, save };
    },
    async close() {
      await settled();
      file.close();
      unlock();
    },
  };
}

const MIGRATIONS = '__drizzle_migrations';

/** When the newest migration that a database has was made; null where it has none. */
function lastMigrationIn(file: Sqlite.Database): number | null {
  const named = file.prepare("select 1 from sqlite_master where type = 'table' and name = ?");
  if (!named.get(MIGRATIONS)) return null;
  return file.prepare(`select max(created_at) from ${MIGRATIONS}`).pluck().get() as number | null;
}

/** As drizzle does it, but for this: where SQLite itself has given a transaction up, as on a full disk, drizzle's ROLLBACK fails and hides why. */
function migrateTables(file: Sqlite.Database): void {
  file.exec(
    `create table if not exists ${MIGRATIONS} (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric)`,
  );
  const last = lastMigrationIn(file) ?? 0;
  const remember = file.prepare(`insert into ${MIGRATIONS} (hash, created_at) values (?, ?)`);
  for (const { sql: statements, hash, folderMillis } of readMigrationFiles({
    migrationsFolder: migrationsFolder('sqlite'),
  })) {
    if (folderMillis <= last) continue;
    for (const statement of statements) file.exec(statement);
    remember.run(hash, folderMillis);
  }
}

/** Far more than there are queries in this gateway; each takes some kilobytes. */
const MOST_STATEMENTS = 500;

/** Compiles a statement once and not at every call. */
function keepStatements(file: Sqlite.Database): Sqlite.Database {
  const kept = createRecent<Sqlite.Statement>(MOST_STATEMENTS);
  const compile = file.prepare.bind(file);
  const prepare = (sql: string): Sqlite.Statement =>
    kept.get(sql) ?? kept.set(sql, compile(withoutPeeking(sql)));
  return Object.assign(file, { prepare });
}

/**
 * SQLite looks at a bare value that a column is to equal, or that limits the rows, to see whether another plan suits it better, and so
 * compiles the statement again at every run: that takes longer than running it. Behind a plus, which changes no value, it does not look.
 */
export const withoutPeeking = (sql: string) => sql.replaceAll(/(= |limit )\?/g, '$1+?');

/** What somebody's ANALYZE has left would lead to plans that suit some values and not others, and SQLite does not look at those that come. */
function forgetStatistics(file: Sqlite.Database): void {
  const tables = file
    .prepare("select name from sqlite_master where name glob 'sqlite_stat[0-9]'")
    .pluck()
    .all();
  if (tables.length > 0)
    file.exec(`${tables.map((name) => `delete from ${name};`).join('')} analyze sqlite_master`);
}

/**
 * A file beside the database that only one process can have open. The system lets go of it when the process ends, however it ends, so
 * the next one need not wait. It also remembers how far the database has come, which a restored backup does not.
 */
function lockBeside(path: string): ProgressMemory & { close: () => void } {
  const lock = new Sqlite(`${path}.lock`, { timeout: 0 });
  try {
    lock.pragma('locking_mode = EXCLUSIVE');
    lock.exec(
      'create table if not exists seen (id integer primary key, fence integer not null, last_event_id integer not null default 0); begin exclusive; commit',
    );
    // Locks of earlier versions know of no events.
    const columns = lock.pragma('table_info(seen)') as { name: string }[];
    if (!columns.some(({ name }) => name === 'last_event_id'))
      lock.exec('alter table seen add column last_event_id integer not null default 0');
  } catch (error) {
    lock.close();
    if (error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY')) {
      throw new DatabaseInUseError(`another gateway runs on ${path}`);
    }
    throw error;
  }
  return {
    seen: () =>
      (lock.prepare('select fence, last_event_id as lastEventId from seen').get() as Progress | undefined) ??
      null,
    save({ fence, lastEventId }) {
      const upsert =
        'insert into seen (id, fence, last_event_id) values (1, ?, ?) on conflict do update set fence = excluded.fence, last_event_id = excluded.last_event_id';
      lock.prepare(upsert).run(fence, lastEventId);
    },
    close: () => void lock.close(),
  };
}

const asJson = { mapToDriverValue: (list: unknown) => JSON.stringify(list) };

interface RawStatement {
  prepare(): { values(values: object): unknown[][] };
}

const prepare = <Row>(query: Preparable<Row>) =>
  preparedByColumns(query, (selecting) => {
    const statement = (selecting as unknown as RawStatement).prepare();
    return (values) => statement.values(values);
  });

interface SyncStatement {
  prepare(): { execute(): { sync(): unknown } };
}

function drive<T>(step: Step<T>): T {
  let at = step.next();
  while (!at.done) at = step.next(runNow(at.value));
  return at.value;
}

const runNow = (statement: Statement): unknown =>
  (statement as unknown as SyncStatement).prepare().execute().sync();
