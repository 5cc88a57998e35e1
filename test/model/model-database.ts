import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '../../src/db/database.ts';
import { openDatabase } from '../../src/db/open.ts';

/** One database for all schedules, in memory where there is such a place: each of them waits for some dozens of commits. */
export async function openModelDatabase(): Promise<Database> {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'qunfa-model-'));
  const database = await openDatabase(`file:${join(folder, 'qunfa.sqlite')}`, () => {});
  // The lock that keeps a second process away is taken once, for all processes of the model live in this one.
  const memory = await database.own();
  return {
    ...database,
    own: async () => memory,
    async close() {
      await database.close();
      rmSync(folder, { recursive: true });
    },
  };
}
