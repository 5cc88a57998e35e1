import { and, asc, eq, isNotNull, lte, min } from 'drizzle-orm';
import { withoutCode } from '../campaigns/failure.ts';
import { changeableFrom, isFinal, SendStatus } from '../campaigns/status.ts';
import { place, placeOf, prepared } from './built-once.ts';
import { type Database, type Queries, run, type Step } from './database.ts';
import { createDeletionStore, markDeleted } from './deletion-store.ts';
import { changeJob, type JobRow } from './job-changes.ts';
import { jobsByMsgId, reachedNobody } from './result-steps.ts';

/** WeChat also calls a send deleted that reached nobody; its result event tells what really became of it. */
const isDeniedByResult = (job: JobRow, seen: SendStatus): boolean =>
  seen === SendStatus.DELETED && job.rawStatus !== null && reachedNobody(job.failure, job.eligibleCount);

/** What becomes of accepted sends where WeChat has to be asked, and their deletion. */
export function createStatusStore(database: Database) {
  const { atomically, tables: t, read } = database;

  function* applyStatus(
    tx: Queries,
    job: JobRow,
    rawStatus: string | null,
    status: SendStatus,
    at: Date,
  ): Step<void> {
    const { id } = job;
    const end = { status, finishedAt: job.finishedAt ?? at, nextPollAt: null };
    if (status === SendStatus.DELETED) {
      yield* markDeleted(tx, t, job, at, job.rawStatus === null);
    } else if (status === SendStatus.SENT) {
      yield* changeJob(tx, t, { id, from: changeableFrom.poll, set: end, at });
    } else if (status === SendStatus.FAILED) {
      const failure = withoutCode('WeChat reports that the send failed (发送失败)', rawStatus);
      yield* changeJob(tx, t, { id, from: changeableFrom.poll, set: { ...end, failure }, at });
    }
  }

  return {
    /** The send of an account whose result has been missing the longest, when it is due to be asked for. */
    async duePoll(appId: string, now: Date): Promise<JobRow | null> {
      const [job] = await jobToPoll(read, t, { appId, now });
      return job ?? null;
    },

    async nextPoll(appId: string): Promise<Date | null> {
      const [row] = await soonestPoll(read, t, { appId });
      return row?.at ?? null;
    },

    /** When WeChat accepted it, which a repetition may have brought about long after the first call. Null for what it has not accepted. */
    async acceptedAt({ id, campaignId }: { id: string; campaignId: string }): Promise<Date | null> {
      const [row] = await read
        .select({ at: min(t.events.at) })
        .from(t.events)
        .where(
          and(
            eq(t.events.campaignId, campaignId),
            eq(t.events.jobId, id),
            eq(t.events.status, SendStatus.SENDING),
          ),
        );
      return row?.at ?? null;
    },

    /** @param nextPollAt null: it is not asked for any more */
    postponePoll: (jobId: string, polls: number, nextPollAt: Date | null): Promise<void> =>
      atomically(function* (tx) {
        const open = and(eq(t.jobs.id, jobId), isNotNull(t.jobs.nextPollAt));
        yield* run(tx.update(t.jobs).set({ polls, nextPollAt }).where(open));
      }),

    /** Takes down what `mass/get` answered for an id, if it was sent here. */
    recordStatus: (
      appId: string,
      msgId: string,
      seen: { rawStatus: string | null; status: SendStatus },
      at: Date,
    ) =>
      atomically(function* (tx): Step<void> {
        const [job] = yield* run(jobsByMsgId(tx, t, { appId, msgId }));
        if (!job) return;
        if (!isDeniedByResult(job, seen.status)) {
          yield* applyStatus(tx, job, seen.rawStatus, seen.status, at);
        }
        // One that is still to come is for what may have changed until then.
        const asked = and(eq(t.jobs.id, job.id), lte(t.jobs.nextPollAt, at));
        if (isFinal(seen.status)) yield* run(tx.update(t.jobs).set({ nextPollAt: null }).where(asked));
      }),

    ...createDeletionStore(database),
  };
}
export type StatusStore = ReturnType<typeof createStatusStore>;

const jobToPoll = prepared((queries, t) =>
  queries
    .select()
    .from(t.jobs)
    .where(and(eq(t.jobs.appId, place('appId')), lte(t.jobs.nextPollAt, placeOf('now', t.jobs.nextPollAt))))
    .orderBy(asc(t.jobs.nextPollAt))
    .limit(1),
);

const soonestPoll = prepared((queries, t) =>
  queries
    .select({ at: min(t.jobs.nextPollAt) })
    .from(t.jobs)
    .where(and(eq(t.jobs.appId, place('appId')), isNotNull(t.jobs.nextPollAt))),
);
