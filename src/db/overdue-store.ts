import { and, eq, inArray, isNotNull, lte, min, type SQL } from 'drizzle-orm';
import type { SendFailure } from '../campaigns/failure.ts';
import { changeableFrom, SendStatus } from '../campaigns/status.ts';
import { type Database, run } from './database.ts';
import { changeJob, earliest, type JobRow } from './job-changes.ts';
import { tellPushes } from './result-steps.ts';
import { becomeUnknown } from './unknown-step.ts';

/** Jobs for which time does something, or is about to. */
export function createOverdueStore({ atomically, tables: t, read }: Database) {
  /**
   * What time alone brings: unknown outcomes from before `forgottenBefore` are not asked again, jobs that may not leave any more expire,
   * and calls whose caller died with their lease have an unknown outcome. `nextAttemptAt` tells when such a call may be repeated.
   */
  const settleOverdue = (
    appId: string,
    { now, leasesUntil, forgottenBefore }: { now: Date; leasesUntil: Date; forgottenBefore: Date },
    failure: SendFailure,
    nextAttemptAt: (job: JobRow) => Date | null,
  ): Promise<void> =>
    atomically(function* (tx) {
      const unknown = and(
        eq(t.jobs.appId, appId),
        eq(t.jobs.status, SendStatus.UNKNOWN),
        isNotNull(t.jobs.nextAttemptAt),
      );
      yield* run(
        tx
          .update(t.jobs)
          .set({ nextAttemptAt: null })
          .where(and(unknown, lte(t.jobs.unknownSince, forgottenBefore))),
      );
      const expired = yield* run(
        tx
          .select({ id: t.jobs.id })
          .from(t.jobs)
          .where(
            and(eq(t.jobs.appId, appId), eq(t.jobs.status, SendStatus.PENDING), lte(t.jobs.sendBefore, now)),
          ),
      );
      for (const { id } of expired) {
        const set = { status: SendStatus.EXPIRED, nextAttemptAt: null, finishedAt: now };
        yield* changeJob(tx, t, { id, from: changeableFrom.expire, set, at: now });
      }
      const lost = yield* run(
        tx
          .select()
          .from(t.jobs)
          .where(and(eq(t.jobs.appId, appId), lte(t.jobs.leaseUntil, leasesUntil))),
      );
      for (const job of lost) yield* becomeUnknown(tx, t, job, failure, now, nextAttemptAt(job));
      yield* tellPushes(tx, t, appId, now);
    });

  /** When there is something to do for an account next; null: nothing that time alone brings. */
  async function nextDue(appId: string): Promise<Date | null> {
    const waiting = inArray(t.jobs.status, [SendStatus.PENDING, SendStatus.UNKNOWN]);
    // While a call is under way, no other is made.
    const lease = await soonest(appId, t.jobs.leaseUntil, isNotNull(t.jobs.leaseUntil));
    const attempt = lease ?? (await soonest(appId, t.jobs.nextAttemptAt, waiting));
    return earliest([attempt, await nextExpiry(appId)]);
  }

  /** When the next job of an account expires that may not leave any more then. */
  const nextExpiry = (appId: string): Promise<Date | null> =>
    soonest(appId, t.jobs.sendBefore, eq(t.jobs.status, SendStatus.PENDING));

  type Time = typeof t.jobs.nextAttemptAt | typeof t.jobs.leaseUntil | typeof t.jobs.sendBefore;

  async function soonest(appId: string, column: Time, where: SQL): Promise<Date | null> {
    const [row] = await read
      .select({ at: min(column) })
      .from(t.jobs)
      .where(and(eq(t.jobs.appId, appId), where));
    return row?.at ?? null;
  }

  return { settleOverdue, nextDue, nextExpiry };
}
