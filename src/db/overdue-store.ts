import { and, eq, gte, inArray, isNotNull, lte, min, or, sql } from 'drizzle-orm';
import type { SendFailure } from '../campaigns/failure.ts';
import { changeableFrom, SendStatus } from '../campaigns/status.ts';
import { place, placeOf, prepared } from './built-once.ts';
import { type Database, run } from './database.ts';
import { changeJob, earliest, type JobRow } from './job-changes.ts';
import { LONGEST_WAIT_MS, tellPushes, untoldPushes } from './result-steps.ts';
import type { Tables } from './tables.ts';
import { becomeUnknown } from './unknown-step.ts';

/** Jobs for which time does something, or is about to. */
export function createOverdueStore({ atomically, tables: t, read }: Database) {
  /**
   * What time alone brings: unknown outcomes from before `forgottenBefore` are not asked again, nor are those of `ahead` and later, as a
   * clock that was set back does not tell how long ago they are, nor what may not leave any more; jobs that never left expire then, and
   * calls whose caller died with their lease have an unknown outcome. `nextAttemptAt` tells when such a call may be repeated.
   */
  async function settleOverdue(
    appId: string,
    times: { now: Date; leasesUntil: Date; forgottenBefore: Date; ahead: Date },
    failure: SendFailure,
    nextAttemptAt: (job: JobRow) => Date | null,
  ): Promise<void> {
    // Nothing but time brings any, so looking first costs no certainty; nearly always there is nothing to write.
    if (!(await isAnyOverdue({ appId, ...times }))) return;
    const { now, leasesUntil, forgottenBefore, ahead } = times;
    await atomically(function* (tx) {
      yield* run(forget(tx, t, { appId, now, forgottenBefore, ahead }));
      const expired = yield* run(expiredJobs(tx, t, { appId, now }));
      for (const { id } of expired) {
        const set = { status: SendStatus.EXPIRED, nextAttemptAt: null, finishedAt: now };
        yield* changeJob(tx, t, { id, from: changeableFrom.expire, set, at: now });
      }
      const lost = yield* run(lostJobs(tx, t, { appId, leasesUntil }));
      for (const job of lost)
        yield* becomeUnknown(tx, t, job, failure, now, {
          nextAttemptAt: nextAttemptAt(job),
          mayBeDone: true,
        });
      yield* tellPushes(tx, t, appId, now);
    });
  }

  async function isAnyOverdue(times: object): Promise<boolean> {
    for (const query of [forgettableJob, expiredJobs, lostJobs, untoldPushes]) {
      const found: unknown[] = await query(read, t, { ...times });
      if (found.length > 0) return true;
    }
    return false;
  }

  /** When there is something to do for an account next; null: nothing that time alone brings. */
  async function nextDue(appId: string): Promise<Date | null> {
    // While a call is under way, no other is made.
    const lease = await soonest(appId, nextLease);
    const attempt = lease ?? (await soonest(appId, nextAttempt));
    return earliest([attempt, await nextExpiry(appId), await nextPatienceEnd(appId)]);
  }

  /** When the next job of an account expires that may not leave any more then. */
  const nextExpiry = (appId: string): Promise<Date | null> => soonest(appId, nextSendBefore);

  /** When a result event has waited for long enough for a call that may be its own. */
  async function nextPatienceEnd(appId: string): Promise<Date | null> {
    const oldest = await soonest(appId, oldestUntold);
    return oldest && new Date(oldest.getTime() + LONGEST_WAIT_MS);
  }

  async function soonest(appId: string, query: typeof nextLease): Promise<Date | null> {
    const [row] = await query(read, t, { appId });
    return row?.at ?? null;
  }

  return { settleOverdue, nextDue, nextExpiry };
}

const isForgettable = (t: Tables) =>
  and(
    eq(t.jobs.appId, place('appId')),
    eq(t.jobs.status, SendStatus.UNKNOWN),
    isNotNull(t.jobs.nextAttemptAt),
    or(
      lte(t.jobs.unknownSince, placeOf('forgottenBefore', t.jobs.unknownSince)),
      gte(t.jobs.unknownSince, placeOf('ahead', t.jobs.unknownSince)),
      lte(t.jobs.sendBefore, placeOf('now', t.jobs.sendBefore)),
    ),
  );

const forgettableJob = prepared((queries, t) =>
  queries.select({ id: t.jobs.id }).from(t.jobs).where(isForgettable(t)).limit(1),
);

const forget = prepared((tx, t) => tx.update(t.jobs).set({ nextAttemptAt: null }).where(isForgettable(t)));

const expiredJobs = prepared((tx, t) =>
  tx
    .select({ id: t.jobs.id })
    .from(t.jobs)
    .where(
      and(
        eq(t.jobs.appId, place('appId')),
        eq(t.jobs.status, SendStatus.PENDING),
        lte(t.jobs.sendBefore, placeOf('now', t.jobs.sendBefore)),
      ),
    ),
);

const lostJobs = prepared((tx, t) =>
  tx
    .select()
    .from(t.jobs)
    .where(
      and(
        eq(t.jobs.appId, place('appId')),
        lte(t.jobs.leaseUntil, placeOf('leasesUntil', t.jobs.leaseUntil)),
      ),
    ),
);

const nextLease = prepared((queries, t) =>
  queries
    .select({ at: min(t.jobs.leaseUntil) })
    .from(t.jobs)
    .where(and(eq(t.jobs.appId, place('appId')), isNotNull(t.jobs.leaseUntil))),
);

const nextAttempt: typeof nextLease = prepared((queries, t) =>
  queries
    .select({ at: min(t.jobs.nextAttemptAt) })
    .from(t.jobs)
    .where(
      and(
        eq(t.jobs.appId, place('appId')),
        inArray(t.jobs.status, [SendStatus.PENDING, SendStatus.UNKNOWN]),
        // Without it SQLite would go through every job that ever was.
        isNotNull(t.jobs.nextAttemptAt),
      ),
    ),
);

const oldestUntold: typeof nextLease = prepared((queries, t) =>
  queries
    .select({ at: min(t.pushes.receivedAt) })
    .from(t.pushes)
    .where(and(eq(t.pushes.appId, place('appId')), sql`${t.pushes.untold}`)),
);

const nextSendBefore: typeof nextLease = prepared((queries, t) =>
  queries
    .select({ at: min(t.jobs.sendBefore) })
    .from(t.jobs)
    .where(and(eq(t.jobs.appId, place('appId')), eq(t.jobs.status, SendStatus.PENDING))),
);
