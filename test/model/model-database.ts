import { setImmediate } from 'node:timers/promises';
import type { Database } from '../../src/db/database.ts';
import { openDatabase } from '../../src/db/open.ts';

/** Between two commits the engine lets others have a turn of the event loop. */
const QUIET_TURNS = 4;

export interface ModelDatabase extends Database {
  /** When no commit is under way and none follows: the model has no other input or output. */
  settled(): Promise<void>;
}

/** One database for all schedules, in memory: each of them waits for some dozens of commits, and none outlives this process. */
export async function openModelDatabase(): Promise<ModelDatabase> {
  const database = await openDatabase('file::memory:', () => {});
  await database.migrate();
  let underWay = 0;
  return {
    ...database,
    // There is no file to lock, and all processes of the model live in this one.
    place: async () => 'memory',
    own: async () => null,
    migrate: async () => {},
    atomically(work) {
      underWay++;
      return database.atomically(work).finally(() => underWay--);
    },
    async settled() {
      for (let quiet = 0; quiet < QUIET_TURNS; quiet = underWay > 0 ? 0 : quiet + 1) await setImmediate();
    },
  };
}
