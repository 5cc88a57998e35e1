import { copyFileSync, existsSync, mkdtempSync, rmSync, type StatsFs, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { openSqlite } from '../../src/db/sqlite.ts';
import { borrowPostgresDatabase, type RunningPostgres } from './postgres-databases.ts';

export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

/** A database of its own, with its tables: a file, or one on the Postgres of this run. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = inject('postgres') as RunningPostgres | undefined;
  return server ? borrowPostgresDatabase(server) : copyOfModel();
}

/** Going through all migrations takes longer than most tests, so they are copies of one that has. */
let model: Promise<string> | null = null;

async function copyOfModel(): Promise<TestDatabase> {
  model ??= makeModel();
  const database = createSqliteDatabase();
  copyFileSync(await model, pathOf(database));
  return database;
}

async function makeModel(): Promise<string> {
  const database = createSqliteDatabase();
  process.once('exit', () => void database.drop());
  await openSqlite(pathOf(database)).close();
  return pathOf(database);
}

const pathOf = ({ url }: TestDatabase) => url.slice('file:'.length);

/** In memory where there is room: every commit waits for the disk, and no test pulls the plug. A container often gives it 64 MB only. */
const MEMORY = '/dev/shm';
const ROOM_BYTES = 2 ** 30;
const hasRoom = ({ bavail, bsize }: StatsFs) => bavail * bsize > ROOM_BYTES;
const place = existsSync(MEMORY) && hasRoom(statfsSync(MEMORY)) ? MEMORY : tmpdir();

export function createSqliteDatabase(): TestDatabase {
  const folder = mkdtempSync(join(place, 'qunfa-test-'));
  return {
    url: `file:${join(folder, 'qunfa.sqlite')}`,
    drop: async () => rmSync(folder, { recursive: true, force: true }),
  };
}
