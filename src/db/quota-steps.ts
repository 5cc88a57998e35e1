import { and, count, eq, gte, inArray, isNotNull, isNull, lt, or, type SQL } from 'drizzle-orm';
import { type Quota, QuotaKind, type QuotaRule, quotaOf } from '../campaigns/quota.ts';
import { SendStatus } from '../campaigns/status.ts';
import { place, placeOf, prepared } from './built-once.ts';
import { type Queries, run, type Step } from './database.ts';
import type { Tables } from './tables.ts';

/** What was used of a quota: what was counted here, or all of it where WeChat says so. */
export function* quotaUse(tx: Queries, t: Tables, appId: string, rule: QuotaRule): Step<Quota> {
  const used = yield* countUses(tx, t, appId, rule);
  const { kind, from, limit } = rule;
  const [exhausted] = yield* run(exhaustedRule(tx, t, { appId, kind, from }));
  const isUsedUp = exhausted !== undefined && limit <= (exhausted.atLimit ?? limit);
  return quotaOf(rule, isUsedUp ? Math.max(used, limit) : used);
}

const exhaustedRule = prepared((tx, { exhaustedQuotas: e }) =>
  tx
    .select({ atLimit: e.atLimit })
    .from(e)
    .where(and(eq(e.appId, place('appId')), eq(e.kind, place('kind')), eq(e.from, placeOf('from', e.from)))),
);

function* countUses(tx: Queries, t: Tables, appId: string, rule: QuotaRule): Step<number> {
  if (rule.kind === QuotaKind.PREVIEWS_PER_DAY) return yield* usedPreviews(tx, t, appId, rule);
  if (rule.kind !== QuotaKind.SEND_CALLS_PER_MINUTE) return yield* usedSends(tx, t, appId, rule);
  return yield* countSendCalls(tx, t, appId, rule.from);
}

/**
 * The jobs that count against a rule: what WeChat accepted, and what is on its way there. A refused job used nothing up, and one that
 * has waited since before the span will use it.
 */
function* usedSends(tx: Queries, t: Tables, appId: string, { kind, from, to, hasBegun }: QuotaRule) {
  const toAllOnly = kind === QuotaKind.SENDS_TO_ALL;
  const [inSpan] = yield* run((toAllOnly ? sendsToAll : sends)(tx, t, { appId, from, to }));
  const used = inSpan?.used ?? 0;
  if (!hasBegun) return used;
  const waiting = yield* run(pendingJobs(tx, t, { appId }));
  return used + waiting.filter((job) => job.countsAt < from && (job.toAll || !toAllOnly)).length;
}

const sendsThat = (condition: (t: Tables) => SQL | undefined) =>
  prepared((tx, t) =>
    tx
      .select({ used: count() })
      .from(t.jobs)
      .where(
        and(
          eq(t.jobs.appId, place('appId')),
          gte(t.jobs.countsAt, placeOf('from', t.jobs.countsAt)),
          lt(t.jobs.countsAt, placeOf('to', t.jobs.countsAt)),
          or(isNotNull(t.jobs.msgId), inArray(t.jobs.status, ON_ITS_WAY)),
          condition(t),
        ),
      ),
  );

const ON_ITS_WAY = [SendStatus.PENDING, SendStatus.SUBMITTING, SendStatus.UNKNOWN];
const sends = sendsThat(() => undefined);
const sendsToAll = sendsThat((t) => eq(t.jobs.toAll, true));

/** From when they are is not asked of SQLite: it would go by that through all jobs that there ever were. */
const pendingJobs = prepared((tx, t) =>
  tx
    .select({ countsAt: t.jobs.countsAt, toAll: t.jobs.toAll })
    .from(t.jobs)
    .where(and(eq(t.jobs.appId, place('appId')), eq(t.jobs.status, SendStatus.PENDING))),
);

function* usedPreviews(tx: Queries, t: Tables, appId: string, { from, to }: QuotaRule): Step<number> {
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

const SEND_ENDPOINTS = ['sendToFilter', 'sendToOpenIds'];

/** How many sends were handed to WeChat since `from`. */
export function* countSendCalls(tx: Queries, t: Tables, appId: string, from: Date): Step<number> {
  let calls = 0;
  for (const endpoint of SEND_ENDPOINTS) {
    const [row] = yield* run(countCallsSince(tx, t, { appId, endpoint, from }));
    calls += row?.calls ?? 0;
  }
  return calls;
}

const ofEndpointSince = ({ calls: c }: Tables) =>
  and(eq(c.appId, place('appId')), eq(c.endpoint, place('endpoint')), gte(c.at, placeOf('from', c.at)));

const countCallsSince = prepared((tx, t) =>
  tx.select({ calls: count() }).from(t.calls).where(ofEndpointSince(t)),
);

const callsSince = prepared((tx, t) => tx.select({ at: t.calls.at }).from(t.calls).where(ofEndpointSince(t)));

/** When sends were handed to WeChat since `from`, oldest first. */
export function* sendCalls(tx: Queries, t: Tables, appId: string, from: Date): Step<Date[]> {
  const times: Date[] = [];
  for (const endpoint of SEND_ENDPOINTS) {
    const rows = yield* run(callsSince(tx, t, { appId, endpoint, from }));
    times.push(...rows.map(({ at }) => at));
  }
  return times.sort((a, b) => a.getTime() - b.getTime());
}
