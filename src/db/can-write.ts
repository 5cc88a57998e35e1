import { eq } from 'drizzle-orm';
import { type Database, run } from './database.ts';

const CHECK = { stage: 'check', jobId: 'check', endpoint: 'sendToFilter', body: '' } as const;

/**
 * Whether anything can be stored. Tried out only where a commit has failed since it was last known: a disk that is full, or a database
 * that only answers questions, goes on looking well to whoever reads, and to a commit that changes nothing. So what is written here must
 * change something, and no other commit tells that all is well again.
 */
export function createWriteCheck({ failures, atomically, tables: t }: Database): () => Promise<boolean> {
  let forgiven = 0;
  return async () => {
    const before = failures();
    if (before === forgiven) return true;
    const stored = atomically(function* (tx) {
      yield* run(tx.insert(t.stagedRequests).values(CHECK));
      yield* run(tx.delete(t.stagedRequests).where(eq(t.stagedRequests.stage, CHECK.stage)));
    });
    return stored.then(
      () => {
        forgiven = before;
        return true;
      },
      () => false,
    );
  };
}
