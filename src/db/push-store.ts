import type { DeliveryResult } from '../campaigns/delivery-result.ts';
import { type Database, run } from './database.ts';
import { tellPushes } from './result-steps.ts';

interface Push {
  appId: string;
  receivedAt: Date;
  digest: string;
  msgType: string | null;
  event: string | null;
  raw: string;
  result: DeliveryResult | null;
}

/** The inbox of WeChat's pushes. */
export function createPushStore({ atomically, tables: t }: Database) {
  return {
    /** Keeps a push and what follows from it. One that was delivered before changes nothing. */
    receive: (push: Push): Promise<void> =>
      atomically(function* (tx) {
        const stored = yield* run(
          tx
            .insert(t.pushes)
            .values({ ...push, msgId: push.result?.msgId ?? null, untold: push.result !== null })
            .onConflictDoNothing({ target: [t.pushes.appId, t.pushes.digest] })
            .returning({ id: t.pushes.id }),
        );
        if (stored.length > 0) yield* tellPushes(tx, t, push.appId);
      }),
  };
}
