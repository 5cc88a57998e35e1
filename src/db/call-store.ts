import { inserting } from './built-once.ts';
import { type Database, run } from './database.ts';

interface CallRecord {
  appId: string;
  endpoint: string;
  jobId: string | null;
  at: Date;
  durationMs: number;
  errcode: number | null;
  message: string | null;
}

const insertCall = inserting('calls', 'id');

/** How every call to WeChat ended. */
export function createCallStore({ atomically, tables: t }: Database) {
  return {
    keep: (record: CallRecord): Promise<void> =>
      atomically(function* (tx) {
        yield* run(insertCall(tx, t, record));
      }),
  };
}
