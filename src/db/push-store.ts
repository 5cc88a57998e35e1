import { and, eq, lte } from 'drizzle-orm';
import type { DeliveryResult } from '../campaigns/delivery-result.ts';
import { type Database, type Queries, run } from './database.ts';
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

  return {
    /** Keeps a push and what follows from it. One that was delivered before changes nothing. */
    receive: ({ plainSignature = null, ...push }: Push): Promise<'STORED' | 'KNOWN' | 'FORGED'> =>
      atomically(function* (tx): Step<'STORED' | 'KNOWN' | 'FORGED'> {
        const { appId, digest, result } = push;
        if (plainSignature !== null && !(yield* isHonest(tx, appId, plainSignature, digest))) return 'FORGED';
        const stored = yield* run(
          tx
            .insert(t.pushes)
            .values({ ...push, msgId: result?.msgId ?? null, untold: result !== null })
            .onConflictDoNothing({ target: [t.pushes.appId, t.pushes.digest] })
            .returning({ id: t.pushes.id }),
        );
        if (stored.length === 0) return 'KNOWN';
        yield* tellPushes(tx, t, appId);
        return 'STORED';
      }),
  };
}
