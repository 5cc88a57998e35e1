import { and, eq } from 'drizzle-orm';
import type { SendFailure } from '../campaigns/failure.ts';
import { changeableFrom, SendStatus } from '../campaigns/status.ts';
import { type Queries, run, type Step } from './database.ts';
import { changeJob, type JobRow } from './job-changes.ts';
import type { Tables } from './tables.ts';

export interface Next {
  nextAttemptAt: Date | null;
  /** The call may have been carried out, which was in time. Else only one before it may, whose time is another's to know. */
  mayBeDone: boolean;
}

/** A call is over and nobody knows how it ended. */
export function* becomeUnknown(
  tx: Queries,
  t: Tables,
  job: JobRow,
  failure: SendFailure,
  at: Date,
  { nextAttemptAt, mayBeDone }: Next,
): Step<void> {
  const set = { leaseUntil: null, failure, nextAttemptAt, ...(mayBeDone && { sendBefore: null }) };
  // Whose call it is: a later one has another fence.
  const { fence } = job;
  if (job.status === SendStatus.UNKNOWN) {
    const isUnknown = eq(t.jobs.status, SendStatus.UNKNOWN);
    // Asked again and again with the same outcome, nothing has changed that anybody would be told of.
    if (job.failure?.reason === failure.reason) {
      yield* run(
        tx
          .update(t.jobs)
          .set(set)
          .where(and(eq(t.jobs.id, job.id), isUnknown, eq(t.jobs.fence, fence))),
      );
    } else yield* changeJob(tx, t, { id: job.id, from: [job.status], fence, set, at });
    return;
  }
  const change = { ...set, status: SendStatus.UNKNOWN, unknownSince: job.submittedAt };
  yield* changeJob(tx, t, {
    id: job.id,
    from: changeableFrom.loseTrack,
    fence,
    set: change,
    at,
  });
}
