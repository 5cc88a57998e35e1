import { and, eq, lte, sql } from 'drizzle-orm';
import type { DeliveryResult } from '../campaigns/delivery-result.ts';
import { isAnswerToCome } from './answer-to-come.ts';
import { place, placesOf, prepared } from './built-once.ts';
import { type Database, type Queries, run, type Step } from './database.ts';
import { jobsByMsgId, tell, tellPushes } from './result-steps.ts';
import type { Tables } from './tables.ts';

interface Push {
  appId: string;
  receivedAt: Date;
  digest: string;
  msgType: string | null;
  event: string | null;
  raw: string;
  result: DeliveryResult | null;
  /** None where the signature covers the message. */
  plainSignature?: string | null;
}

/** So many plain signatures are remembered, over all accounts: some fifty megabytes. */
const REMEMBERED_SIGNATURES = 200_000;
const FORGET_EVERY = 1_000;

/** The inbox of WeChat's pushes. */
export function createPushStore({ atomically, tables: t }: Database) {
  /** Whether a plain signature came with no other body before. */
  function* isHonest(tx: Queries, appId: string, signature: string, digest: string): Step<boolean> {
    const [first] = yield* run(
      tx
        .insert(t.plainSignatures)
        .values({ appId, signature, digest })
        .onConflictDoNothing({ target: [t.plainSignatures.appId, t.plainSignatures.signature] })
        .returning({ id: t.plainSignatures.id }),
    );
    if (first) {
      if (first.id % FORGET_EVERY === 0) {
        yield* run(
          tx.delete(t.plainSignatures).where(lte(t.plainSignatures.id, first.id - REMEMBERED_SIGNATURES)),
        );
      }
      return true;
    }
    const [known] = yield* run(
      tx
        .select({ digest: t.plainSignatures.digest })
        .from(t.plainSignatures)
        .where(and(eq(t.plainSignatures.appId, appId), eq(t.plainSignatures.signature, signature))),
    );
    return known?.digest === digest;
  }

  function* keep(tx: Queries, { plainSignature = null, ...push }: Push): Step<Kept> {
    const { appId, digest, result, receivedAt } = push;
    if (plainSignature !== null && !(yield* isHonest(tx, appId, plainSignature, digest)))
      return { receipt: 'FORGED', job: null, waits: false };
    const [job] = result ? yield* run(jobsByMsgId(tx, t, { appId, msgId: result.msgId })) : [];
    const known = job ? { campaignId: job.campaignId, jobId: job.id } : null;
    // Others that wait are told before it, in their order.
    const [waiting] = result ? yield* run(untoldPush(tx, t, { appId })) : [];
    const untold =
      result !== null && (waiting !== undefined || (!job && (yield* isAnswerToCome(tx, t, appId))));
    const stored = yield* run(insertPush(tx, t, { ...push, msgId: result?.msgId ?? null, untold }));
    if (stored.length === 0) return { receipt: 'KNOWN', job: known, waits: false };
    if (untold) yield* tellPushes(tx, t, appId);
    else if (result) yield* tell(tx, t, appId, result, receivedAt, job);
    return { receipt: 'STORED', job: known, waits: untold };
  }

  return {
    /** Keeps a push and what follows from it, and says which job it tells of. One that was delivered before changes nothing. */
    receive: (push: Push): Promise<Kept> => atomically((tx) => keep(tx, push)),
  };
}

interface Kept {
  receipt: 'STORED' | 'KNOWN' | 'FORGED';
  job: { campaignId: string; jobId: string } | null;
  /** It is told later, as a call may be its own whose answer is still to come. */
  waits: boolean;
}

const untoldPush = prepared((tx, t) =>
  tx
    .select({ id: t.pushes.id })
    .from(t.pushes)
    .where(and(eq(t.pushes.appId, place('appId')), sql`${t.pushes.untold}`))
    .limit(1),
);

const insertPush = prepared<{ id: number }[], Omit<Tables['pushes']['$inferSelect'], 'id'>>((tx, t) =>
  tx
    .insert(t.pushes)
    .values(placesOf(t.pushes, 'id'))
    .onConflictDoNothing({ target: [t.pushes.appId, t.pushes.digest] })
    .returning({ id: t.pushes.id }),
);
