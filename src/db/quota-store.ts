import { eq } from 'drizzle-orm';
import type { SendFailure } from '../campaigns/failure.ts';
import type { MessageType } from '../campaigns/message.ts';
import { type Quota, QuotaKind, type QuotaRule } from '../campaigns/quota.ts';
import { type Database, oneByOne, run, type Step } from './database.ts';
import { countSendCalls, quotaUse, sendCalls } from './quota-steps.ts';

/** What was used of an account's quotas. Jobs are their own ledger; previews and calls have theirs. */
export function createQuotaStore({ atomically, read, tables: t }: Database) {
  return {
    /** Outside any transaction: figures, not decisions. */
    quotas: (appId: string, rules: readonly QuotaRule[]): Promise<Quota[]> =>
      Promise.all(rules.map((rule) => oneByOne(quotaUse(read, t, appId, rule)))),

    /** When the sends since `from` were handed to WeChat, oldest first; none where they are fewer than `atLeast`, which is cheap to know. */
    async sendCallsSince(appId: string, from: Date, atLeast: number): Promise<Date[]> {
      const calls = await oneByOne(countSendCalls(read, t, appId, from));
      return calls < atLeast ? [] : oneByOne(sendCalls(read, t, appId, from));
    },

    /** WeChat says that quotas are used up. */
    recordExhausted: (appId: string, rules: readonly QuotaRule[], at: Date): Promise<void> =>
      atomically(function* (tx) {
        for (const { kind, from, limit: atLimit } of rules) {
          const { appId: account, kind: what, from: span } = t.exhaustedQuotas;
          yield* run(
            tx
              .insert(t.exhaustedQuotas)
              .values({ appId, kind, from, at, atLimit })
              .onConflictDoUpdate({ target: [account, what, span], set: { at, atLimit } }),
          );
        }
      }),

    /** Takes one preview out of the quota, or tells that there is none left. */
    reservePreview: (
      preview: { id: string; appId: string; at: Date; byWxName: boolean; messageType: MessageType },
      rules: readonly QuotaRule[],
    ): Promise<Quota | null> =>
      atomically(function* (tx): Step<Quota | null> {
        const rule = preview.byWxName
          ? rules.find(({ kind }) => kind === QuotaKind.PREVIEWS_PER_DAY)
          : undefined;
        const quota = rule ? yield* quotaUse(tx, t, preview.appId, rule) : null;
        if (quota && quota.remaining === 0) return quota;
        yield* run(tx.insert(t.previews).values(preview));
        return null;
      }),

    /** What became of a preview. One that WeChat refused used nothing up. */
    endPreview: (id: string, end: { msgId: string | null } | { failure: SendFailure }): Promise<void> =>
      atomically(function* (tx) {
        yield* run(tx.update(t.previews).set(end).where(eq(t.previews.id, id)));
      }),
  };
}
export type QuotaStore = ReturnType<typeof createQuotaStore>;
