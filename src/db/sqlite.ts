import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import { createCommitSignal, type Database, type OnQuery, type Statement, type Work } from './database.ts';
import * as tables from './sqlite-tables.ts';

/** Opens the file, makes it where there is none, and brings its tables up to date. */
export function openSqlite(path: string, onQuery?: OnQuery): Database {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const file = new Sqlite(path);
  file.pragma('journal_mode = WAL');
  // A commit that a power cut takes back would be an intent that is lost, or worse, sent twice.
  file.pragma('synchronous = FULL');
  file.pragma('foreign_keys = ON');
  file.pragma('busy_timeout = 5000');
  const db = drizzle(file, {
    casing: 'snake_case',
    ...(onQuery ? { logger: { logQuery: onQuery } } : {}),
  });
  migrate(db, { migrationsFolder: join(import.meta.dirname, '../../drizzle/sqlite') });
  const { onCommit, committed } = createCommitSignal();

  return {
    read: db,
    tables,
    onCommit,
    async atomically(work) {
      const result = file.transaction(() => drive(work(db))).immediate();
      committed();
      return result;
    },
    async close() {
      file.close();
    },
  };
}

interface SyncStatement {
  prepare(): { execute(): { sync(): unknown } };
}

function drive<T>(work: Work<T>): T {
  let step = work.next();
  while (!step.done) step = work.next(runNow(step.value));
  return step.value;
}

const runNow = (statement: Statement): unknown =>
  (statement as unknown as SyncStatement).prepare().execute().sync();
