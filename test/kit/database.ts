import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { borrowPostgresDatabase, type RunningPostgres } from './postgres-databases.ts';

export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

/** A database of its own: a file, or an empty one on the Postgres of this run. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = inject('postgres') as RunningPostgres | undefined;
  return server ? borrowPostgresDatabase(server) : createSqliteDatabase();
}

export function createSqliteDatabase(): TestDatabase {
  const folder = mkdtempSync(join(tmpdir(), 'qunfa-test-'));
  return {
    url: `file:${join(folder, 'qunfa.sqlite')}`,
    drop: async () => rmSync(folder, { recursive: true, force: true }),
  };
}
