import { and, eq } from 'drizzle-orm';
import type { AuditEntry } from '../access/audit-entry.ts';
import type { SendFailure } from '../campaigns/failure.ts';
import { changeableFrom, SendStatus } from '../campaigns/status.ts';
import type { FrozenRequest } from '../campaigns/submission.ts';
import { appendAudit } from './audit-store.ts';
import { stopRest } from './campaign-control-store.ts';
import { articlesOf, dueJob, leasedJob, ownerOf, requestOf } from './claim-queries.ts';
import { type Database, type Queries, run, type Step, TakenOverError } from './database.ts';
import type { Ownership } from './instance-store.ts';
import { changeJob, type JobRow } from './job-changes.ts';
import { createOverdueStore } from './overdue-store.ts';
import { articleMsgid } from './result-articles.ts';
import { jobsByMsgId, retellPushes, tellPushes } from './result-steps.ts';
import { becomeUnknown, type Next } from './unknown-step.ts';

/** A job that this process may hand to WeChat until its lease ends. */
export interface ClaimedJob {
  job: JobRow;
  request: FrozenRequest;
}

/** The path of a job from the intent to WeChat's verdict. The only writer of fences and attempts, and of leases but for a copy that takes none over. */
export function createSubmissionStore(
  database: Database,
  { fence, onTaken }: Pick<Ownership, 'fence' | 'onTaken'>,
) {
  const { atomically, tables: t } = database;

  /** The end of a call: its outcome, and the result events that waited for it. */
  const end = (claim: ClaimedJob, step: (tx: Queries) => Step<unknown>): Promise<void> =>
    atomically(function* (tx) {
      yield* step(tx);
      yield* tellPushes(tx, t, claim.job.appId);
    });

  /** Takes the next due job of an account, unless another of its calls is under way: its sends go one after another. */
  const claim = (appId: string, now: Date, leaseUntil: Date): Promise<ClaimedJob | null> =>
    atomically(function* (tx) {
      const leased = yield* run(leasedJob(tx, t, { appId, now }));
      if (leased.length > 0) return null;
      const [owner] = yield* run(ownerOf(tx, t, {}));
      if (owner?.fence !== fence)
        throw new TakenOverError(
          'another gateway has taken this database over; this one sends nothing any more',
        );
      const [due] = yield* run(dueJob(tx, t, { appId, now }));
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
      const [request] = yield* run(requestOf(tx, t, { jobId: due.id }));
      if (!job || !request) throw new Error(`job ${due.id} has no request`);
      return { job, request };
    }).catch((error) => {
      if (error instanceof TakenOverError) onTaken();
      throw error;
    });

  const accept = (
    claimed: ClaimedJob,
    { msgId, msgDataId }: { msgId: string; msgDataId: string | null },
    at: Date,
    nextPollAt: Date,
    /** What is put on record together with it. */
    onRecord: AuditEntry | null = null,
  ): Promise<void> =>
    end(claimed, function* (tx) {
      if (onRecord) yield* appendAudit(tx, t, onRecord);
      const { id, appId } = claimed.job;
      const [known] = yield* run(jobsByMsgId(tx, t, { appId, msgId }));
      if (known?.id === id) return yield* learnDataId(tx, known, msgDataId, at);
      if (known) return yield* refuseAsTaken(tx, claimed, msgId, known.campaignId, at);
      const accepted = { status: SendStatus.SENDING, msgId, msgDataId, failure: null, unknownSince: null };
      const set = { leaseUntil: null, ...accepted, nextAttemptAt: null, nextPollAt };
      // No fence: that WeChat accepted is a fact, however late the news of it.
      const job = yield* changeJob(tx, t, { id, from: changeableFrom.accept, set, at });
      if (!job) return;
      yield* nameArticles(tx, job);
      yield* retellPushes(tx, t, job, msgId);
    });

  /** 45065 gives no msg_data_id; the answer to the first call does, and may come after it. */
  function* learnDataId(tx: Queries, job: JobRow, msgDataId: string | null, at: Date): Step<void> {
    if (msgDataId === null || job.msgDataId !== null) return;
    const { id, status } = job;
    yield* changeJob(tx, t, { id, from: [status], set: { status, msgDataId }, at });
    yield* nameArticles(tx, { ...job, msgDataId });
  }

  function* nameArticles(tx: Queries, job: JobRow): Step<void> {
    const ofJob = eq(t.jobArticles.jobId, job.id);
    const articles = yield* run(articlesOf(tx, t, { jobId: job.id }));
    for (const { index } of articles) {
      yield* run(
        tx
          .update(t.jobArticles)
          .set({ articleMsgid: articleMsgid(job, index) })
          .where(and(ofJob, eq(t.jobArticles.index, index))),
      );
    }
  }

  /** WeChat knew the clientmsgid from a send of another campaign: this one was never carried out. */
  function* refuseAsTaken(
    tx: Queries,
    claimed: ClaimedJob,
    msgId: string,
    other: string,
    at: Date,
  ): Step<void> {
    const reason = `WeChat took this for a repetition of the send ${msgId}, which belongs to the campaign ${other}`;
    const failure = { code: null, reason, rawStatus: null, retryable: false };
    yield* finish(tx, claimed, failure, at);
  }

  function* finish(tx: Queries, { job }: ClaimedJob, failure: SendFailure, at: Date): Step<void> {
    const set = {
      leaseUntil: null,
      status: SendStatus.FAILED,
      failure,
      nextAttemptAt: null,
      unknownSince: null,
      finishedAt: at,
    };
    yield* changeJob(tx, t, { id: job.id, from: changeableFrom.refuse, fence: job.fence, set, at });
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
    end(claimed, function* (tx) {
      const { id, fence } = claimed.job;
      const [now] = yield* run(
        tx.select({ cancelWishedAt: t.jobs.cancelWishedAt }).from(t.jobs).where(eq(t.jobs.id, id)),
      );
      const step = now?.cancelWishedAt
        ? { status: SendStatus.CANCELED, failure: null, nextAttemptAt: null, finishedAt: at }
        : { status: SendStatus.PENDING, failure, nextAttemptAt, unconfirmedSince };
      const set = { leaseUntil: null, ...step, submittedAt: null };
      yield* changeJob(tx, t, { id, from: changeableFrom.retryLater, fence, set, at });
    });

  const loseTrack = (claimed: ClaimedJob, failure: SendFailure, at: Date, next: Next): Promise<void> =>
    end(claimed, (tx) => becomeUnknown(tx, t, claimed.job, failure, at, next));

  return { claim, accept, refuse, retryLater, loseTrack, ...createOverdueStore(database) };
}
