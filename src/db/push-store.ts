import { and, eq } from 'drizzle-orm';
import type { DeliveryResult } from '../campaigns/delivery-result.ts';
import { type Database, run } from './database.ts';
import type { Step } from './job-changes.ts';
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

interface Known {
  campaignId: string;
  jobId: string;
}

/** The inbox of WeChat's pushes. */
export function createPushStore({ atomically, tables: t }: Database) {
  return {
    /** Keeps a push and what follows from it, and tells the job that it is about. One that was delivered before changes nothing. */
    receive: ({ appId, receivedAt, digest, msgType, event, raw, result }: Push): Promise<Known | null> =>
      atomically(function* (tx): Step<Known | null> {
        const push = { appId, receivedAt, digest, msgType, event, raw, result };
        const stored = yield* run(
          tx
            .insert(t.pushes)
            .values({ ...push, msgId: push.result?.msgId ?? null, untold: push.result !== null })
            .onConflictDoNothing({ target: [t.pushes.appId, t.pushes.digest] })
            .returning({ id: t.pushes.id }),
        );
        if (stored.length > 0) yield* tellPushes(tx, t, push.appId);
        if (!result) return null;
        const [job] = yield* run(
          tx
            .select({ campaignId: t.jobs.campaignId, jobId: t.jobs.id })
            .from(t.jobs)
            .where(and(eq(t.jobs.appId, appId), eq(t.jobs.msgId, result.msgId))),
        );
        return job ?? null;
      }),
  };
}
