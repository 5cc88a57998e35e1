import { eq } from 'drizzle-orm';
import { type Database, run } from './database.ts';

const CHECK = { stage: 'check', jobId: 'check', endpoint: 'sendToFilter', body: '' } as const;

/**
 * Whether anything can be stored. Tried out only where the last commit failed: a disk that is full, or a database that only answers
 * questions, goes on looking well to whoever reads. What is written must change something, or SQLite would not write it.
 */
export const createWriteCheck =
  ({ isFailing, atomically, tables: t }: Database) =>
  async (): Promise<boolean> => {
    if (!isFailing()) return true;
    const stored = atomically(function* (tx) {
      yield* run(tx.insert(t.stagedRequests).values(CHECK));
      yield* run(tx.delete(t.stagedRequests).where(eq(t.stagedRequests.stage, CHECK.stage)));
    });
    return stored.then(
      () => true,
      () => false,
    );
  };
