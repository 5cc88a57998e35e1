import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { openDatabase } from '../../src/db/open.ts';
import { createFolder } from './folder.ts';
import { borrowPostgresDatabase, type RunningPostgres } from './postgres-databases.ts';

export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

/** A database of its own, with its tables: a file, or one on the Postgres of this run. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = inject('postgres') as RunningPostgres | undefined;
  if (server) return borrowPostgresDatabase(server);
  const database = createSqliteDatabase();
  copyFileSync(inject('migrated'), database.url.slice('file:'.length));
  return database;
}

/** The place for a file that is not there yet. */
export function createSqliteDatabase(): TestDatabase {
  const folder = createFolder();
  return {
    url: `file:${join(folder, 'qunfa.sqlite')}`,
    drop: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Brings its tables up to date, as a gateway does at its start. */
export async function migrate(url: string): Promise<void> {
  const database = await openDatabase(url, (error) => {
    throw error;
  });
  await database.migrate();
  await database.close();
}
