import { and, count, eq, gte, isNull, lt } from 'drizzle-orm';
import type { SendFailure } from '../campaigns/failure.ts';
import type { MessageType } from '../campaigns/message.ts';
import { type Quota, QuotaKind, type QuotaRule, quotaOf } from '../campaigns/quota.ts';
import { type Database, type Queries, run } from './database.ts';
import { usedSends } from './intent-store.ts';
import type { Step } from './job-changes.ts';

/** What was used of an account's quotas. Jobs are their own ledger; previews and calls are counted here. */
export function createQuotaStore({ atomically, tables: t }: Database) {
  function* usedPreviews(tx: Queries, appId: string, { from, to }: QuotaRule): Step<number> {
    const [row] = yield* run(
      tx
        .select({ used: count() })
        .from(t.previews)
        .where(
          and(
            eq(t.previews.appId, appId),
            eq(t.previews.byWxName, true),
            isNull(t.previews.failure),
            gte(t.previews.at, from),
            lt(t.previews.at, to),
          ),
        ),
    );
    return row?.used ?? 0;
  }

  function* used(tx: Queries, appId: string, rule: QuotaRule): Step<number> {
    if (rule.kind === QuotaKind.PREVIEWS_PER_DAY) return yield* usedPreviews(tx, appId, rule);
    if (rule.kind !== QuotaKind.SEND_CALLS_PER_MINUTE) return yield* usedSends(tx, t, appId, rule);
    return (yield* sendCalls(tx, appId, rule.from)).length;
  }

  function* sendCalls(tx: Queries, appId: string, from: Date): Step<Date[]> {
    const times: Date[] = [];
    for (const endpoint of ['sendToFilter', 'sendToOpenIds']) {
      const rows = yield* run(
        tx
          .select({ at: t.calls.at })
          .from(t.calls)
          .where(and(eq(t.calls.appId, appId), eq(t.calls.endpoint, endpoint), gte(t.calls.at, from))),
      );
      times.push(...rows.map(({ at }) => at));
    }
    return times.sort((a, b) => a.getTime() - b.getTime());
  }

  return {
    quotas: (appId: string, rules: readonly QuotaRule[]): Promise<Quota[]> =>
      atomically(function* (tx) {
        const quotas: Quota[] = [];
        for (const rule of rules) quotas.push(quotaOf(rule, yield* used(tx, appId, rule)));
        return quotas;
      }),

    /** When the sends since `from` were handed to WeChat, oldest first. */
    sendCallsSince: (appId: string, from: Date): Promise<Date[]> =>
      atomically((tx) => sendCalls(tx, appId, from)),

    /** Takes one preview out of the quota, or tells that there is none left. */
    reservePreview: (
      preview: { id: string; appId: string; at: Date; byWxName: boolean; messageType: MessageType },
      rules: readonly QuotaRule[],
    ): Promise<Quota | null> =>
      atomically(function* (tx): Step<Quota | null> {
        const rule = preview.byWxName
          ? rules.find(({ kind }) => kind === QuotaKind.PREVIEWS_PER_DAY)
          : undefined;
        if (rule) {
          const taken = yield* usedPreviews(tx, preview.appId, rule);
          if (taken >= rule.limit) return quotaOf(rule, taken);
        }
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
