import { and, asc, eq, gt, inArray, isNotNull, lte, min, type SQL } from 'drizzle-orm';
import type { SendFailure } from '../campaigns/failure.ts';
import { changeableFrom, SendStatus } from '../campaigns/status.ts';
import type { FrozenRequest } from '../campaigns/submission.ts';
import { stopRest } from './campaign-control-store.ts';
import { type Database, run } from './database.ts';
import { changeJob, earliest, type JobRow, type Step } from './job-changes.ts';
import { articleMsgid, attachToldPushes, tellPushes } from './result-steps.ts';

/** A job that this process may hand to WeChat until its lease ends. */
export interface ClaimedJob {
  job: JobRow;
  request: FrozenRequest;
}

/** The path of a job from the intent to WeChat's verdict. The only writer of leases, fences and attempts. */
export function createSubmissionStore(database: Database, fence: number) {
  const { atomically, tables: t, read } = database;
  type Transaction = Parameters<Parameters<typeof atomically>[0]>[0];

  const held = (fence: number) => eq(t.jobs.fence, fence);
  const released = { leaseUntil: null } as const;

  /** The end of a call: its outcome, and the result events that waited for it. */
  const end = (claim: ClaimedJob, step: (tx: Transaction) => Step<unknown>): Promise<void> =>
    atomically(function* (tx) {
      yield* step(tx);
      yield* tellPushes(tx, t, claim.job.appId);
    });

  /** Takes the next due job of an account, unless another of its calls is under way: its sends go one after another. */
  const claim = (appId: string, now: Date, leaseUntil: Date): Promise<ClaimedJob | null> =>
    atomically(function* (tx) {
      const leased = yield* run(
        tx
          .select({ id: t.jobs.id })
          .from(t.jobs)
          .where(and(eq(t.jobs.appId, appId), gt(t.jobs.leaseUntil, now)))
          .limit(1),
      );
      if (leased.length > 0) return null;
      const [owner] = yield* run(tx.select({ fence: t.instance.fence }).from(t.instance));
      if (owner?.fence !== fence)
        throw new Error('another gateway has taken this database over; this one sends nothing any more');
      const [due] = yield* run(
        tx
          .select()
          .from(t.jobs)
          .where(
            and(
              eq(t.jobs.appId, appId),
              inArray(t.jobs.status, [SendStatus.PENDING, SendStatus.UNKNOWN]),
              lte(t.jobs.nextAttemptAt, now),
            ),
          )
          .orderBy(asc(t.jobs.nextAttemptAt), asc(t.jobs.campaignId), asc(t.jobs.index))
          .limit(1),
      );
      if (!due) return null;
      const taken = { leaseUntil, fence: due.fence + 1, attempts: due.attempts + 1 };
      let job: JobRow | null | undefined;
      if (due.status === SendStatus.PENDING) {
        const set = {
          ...taken,
          status: SendStatus.SUBMITTING,
          submittedAt: now,
          countsAt: now,
          failure: null,
        };
        job = yield* changeJob(tx, t, { id: due.id, from: changeableFrom.claim, set, at: now });
      } else {
        [job] = yield* run(tx.update(t.jobs).set(taken).where(eq(t.jobs.id, due.id)).returning());
      }
      const [request] = yield* run(tx.select().from(t.jobRequests).where(eq(t.jobRequests.jobId, due.id)));
      if (!job || !request) throw new Error(`job ${due.id} has no request`);
      return { job, request };
    });

  const accept = (
    claimed: ClaimedJob,
    { msgId, msgDataId }: { msgId: string; msgDataId: string | null },
    at: Date,
    nextPollAt: Date,
  ): Promise<void> =>
    end(claimed, function* (tx) {
      const { id, appId } = claimed.job;
      const [other] = yield* run(
        tx
          .select({ campaignId: t.jobs.campaignId })
          .from(t.jobs)
          .where(and(eq(t.jobs.appId, appId), eq(t.jobs.msgId, msgId))),
      );
      if (other) return yield* refuseAsTaken(tx, claimed, msgId, other.campaignId, at);
      const accepted = { status: SendStatus.SENDING, msgId, msgDataId, failure: null, unknownSince: null };
      const set = { ...released, ...accepted, nextAttemptAt: null, nextPollAt };
      // No fence: that WeChat accepted is a fact, however late the news of it.
      const job = yield* changeJob(tx, t, { id, from: changeableFrom.accept, set, at });
      if (!job) return;
      const articles = yield* run(tx.select().from(t.jobArticles).where(eq(t.jobArticles.jobId, id)));
      for (const { index } of articles) {
        yield* run(
          tx
            .update(t.jobArticles)
            .set({ articleMsgid: articleMsgid(job, index) })
            .where(and(eq(t.jobArticles.jobId, id), eq(t.jobArticles.index, index))),
        );
      }
      yield* attachToldPushes(tx, t, job, msgId);
    });

  /** WeChat knew the clientmsgid from a send of another campaign: this one was never carried out. */
  function* refuseAsTaken(
    tx: Transaction,
    claimed: ClaimedJob,
    msgId: string,
    other: string,
    at: Date,
  ): Step<void> {
    const reason = `WeChat took this for a repetition of the send ${msgId}, which belongs to the campaign ${other}`;
    const failure = { code: null, reason, rawStatus: null, retryable: false };
    yield* finish(tx, claimed, failure, at);
  }

  function* finish(tx: Transaction, { job }: ClaimedJob, failure: SendFailure, at: Date): Step<void> {
    const set = {
      ...released,
      status: SendStatus.FAILED,
      failure,
      nextAttemptAt: null,
      unknownSince: null,
      finishedAt: at,
    };
    yield* changeJob(tx, t, { id: job.id, from: changeableFrom.refuse, where: held(job.fence), set, at });
  }

  /** @param forAll the other jobs of the campaign, as far as they have not left, end for the same reason */
  const refuse = (claimed: ClaimedJob, failure: SendFailure, forAll: boolean, at: Date): Promise<void> =>
    end(claimed, function* (tx) {
      yield* finish(tx, claimed, failure, at);
      if (forAll) yield* stopRest(tx, t, claimed.job.campaignId, failure, at);
    });

  /** @param unconfirmedSince since when it waits for an administrator, where that is what it waits for */
  const retryLater = (
    claimed: ClaimedJob,
    failure: SendFailure,
    at: Date,
    nextAttemptAt: Date,
    unconfirmedSince: Date | null,
  ): Promise<void> =>
    end(claimed, (tx) => {
      const { id, fence } = claimed.job;
      const wait = {
        status: SendStatus.PENDING,
        failure,
        submittedAt: null,
        nextAttemptAt,
        unconfirmedSince,
      };
      const set = { ...released, ...wait };
      return changeJob(tx, t, { id, from: changeableFrom.retryLater, where: held(fence), set, at });
    });

  const loseTrack = (
    claimed: ClaimedJob,
    failure: SendFailure,
    at: Date,
    nextAttemptAt: Date | null,
  ): Promise<void> => end(claimed, (tx) => becomeUnknown(tx, claimed.job, failure, at, nextAttemptAt));

  function* becomeUnknown(
    tx: Transaction,
    job: JobRow,
    failure: SendFailure,
    at: Date,
    nextAttemptAt: Date | null,
  ): Step<void> {
    const set = { ...released, failure, nextAttemptAt };
    if (job.status === SendStatus.UNKNOWN) {
      yield* run(
        tx
          .update(t.jobs)
          .set(set)
          .where(and(eq(t.jobs.id, job.id), held(job.fence))),
      );
      return;
    }
    const change = { ...set, status: SendStatus.UNKNOWN, unknownSince: job.submittedAt };
    yield* changeJob(tx, t, {
      id: job.id,
      from: changeableFrom.loseTrack,
      where: held(job.fence),
      set: change,
      at,
    });
  }

  /**
   * What time alone brings: unknown outcomes from before `forgottenBefore` are not asked again, jobs that may not leave any more expire, and calls whose caller died with their lease have an unknown
   * outcome. `nextAttemptAt` tells when such a call may be repeated.
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
      for (const job of lost) yield* becomeUnknown(tx, job, failure, now, nextAttemptAt(job));
      if (lost.length > 0) yield* tellPushes(tx, t, appId);
    });

  /** When there is something to do for an account next; null: nothing that time alone brings. */
  async function nextDue(appId: string): Promise<Date | null> {
    const account = eq(t.jobs.appId, appId);
    const waiting = inArray(t.jobs.status, [SendStatus.PENDING, SendStatus.UNKNOWN]);
    type Time = typeof t.jobs.nextAttemptAt | typeof t.jobs.leaseUntil | typeof t.jobs.sendBefore;
    const soonest = async (column: Time, where: SQL | undefined) =>
      (
        await read
          .select({ at: min(column) })
          .from(t.jobs)
          .where(and(account, where))
      )[0]?.at ?? null;
    // While a call is under way, no other is made.
    const lease = await soonest(t.jobs.leaseUntil, isNotNull(t.jobs.leaseUntil));
    const attempt = lease ?? (await soonest(t.jobs.nextAttemptAt, waiting));
    const expiry = await soonest(t.jobs.sendBefore, eq(t.jobs.status, SendStatus.PENDING));
    return earliest([attempt, expiry]);
  }

  return { claim, accept, refuse, retryLater, loseTrack, settleOverdue, nextDue };
}
export type SubmissionStore = ReturnType<typeof createSubmissionStore>;
