import { and, asc, eq, inArray, type SQL } from 'drizzle-orm';
import { campaignStatus, isFinal, SendStatus } from '../campaigns/status.ts';
import { stateSet } from './copyright-states.ts';
import { type Queries, run, type Statement } from './database.ts';
import { placesOf, prepared } from './built-once.ts';
import type { Tables } from './tables.ts';

export type JobRow = Tables['jobs']['$inferSelect'];
export type EventRow = Tables['events']['$inferSelect'];

/** A step inside `atomically` that other steps are made of. */
export type Step<T> = Generator<Statement, T, unknown>;

interface JobChange {
  id: string;
  /** The states the job may be in; in any other nothing happens. */
  from: readonly SendStatus[];
  /** A further condition, the fence of a lease for one. */
  where?: SQL;
  set: Partial<JobRow>;
  at: Date;
}

/** The event log grows by this alone. */
export const appendEvent = prepared<Omit<EventRow, 'id'>, unknown>((tx, t) =>
  tx.insert(t.events).values(placesOf(t.events, 'id')),
);

/** What only a result event says. */
export const NOTHING_TOLD = { msgId: null, rawStatus: null, counts: null, copyrightCheck: null } as const;

/**
 * The only way a job changes its status: conditionally, with its event and its campaign's status in the same transaction. Null
 * where the job was not in a state to change.
 */
export function* changeJob(
  tx: Queries,
  t: Tables,
  { id, from, where, set, at }: JobChange,
): Step<JobRow | null> {
  const [job] = yield* run(
    tx
      .update(t.jobs)
      .set(set)
      .where(and(eq(t.jobs.id, id), inArray(t.jobs.status, [...from]), where))
      .returning(),
  );
  if (!job) return null;
  const { id: jobId, campaignId, appId, status } = job;
  yield* run(
    appendEvent(tx, t, { ...NOTHING_TOLD, at, type: 'SendJobChanged', appId, campaignId, jobId, status }),
  );
  yield* refreshCampaign(tx, t, campaignId);
  return job;
}

const latest = (dates: (Date | null)[]): Date | null =>
  dates.reduce((late, date) => (date && (!late || date > late) ? date : late), null);

export const earliest = (dates: (Date | null)[]): Date | null =>
  dates.reduce((early, date) => (date && (!early || date < early) ? date : early), null);

/** Null where WeChat gave no figure at all: that is no zero. */
const sumOfKnown = (figures: (number | null)[]): number | null =>
  figures.reduce((sum, figure) => (figure === null ? sum : (sum ?? 0) + figure), null);

/** Brings a campaign up to date with its jobs. */
export function* refreshCampaign(tx: Queries, t: Tables, campaignId: string): Step<void> {
  const jobs = yield* run(
    tx
      .select({
        status: t.jobs.status,
        msgId: t.jobs.msgId,
        recipients: t.jobs.recipients,
        submittedAt: t.jobs.submittedAt,
        finishedAt: t.jobs.finishedAt,
        deletedAt: t.jobs.deletedAt,
        totalCount: t.jobs.totalCount,
        eligibleCount: t.jobs.eligibleCount,
        sentCount: t.jobs.sentCount,
        failedCount: t.jobs.failedCount,
        copyrightState: t.jobs.copyrightState,
      })
      .from(t.jobs)
      .where(eq(t.jobs.campaignId, campaignId))
      .orderBy(asc(t.jobs.index)),
  );
  const status = campaignStatus(jobs);
  const set = {
    status,
    recipients: jobs.reduce<number | null>(
      (sum, { recipients }) => (sum === null || recipients === null ? null : sum + recipients),
      0,
    ),
    totalCount: sumOfKnown(jobs.map((job) => job.totalCount)),
    eligibleCount: sumOfKnown(jobs.map((job) => job.eligibleCount)),
    sentCount: sumOfKnown(jobs.map((job) => job.sentCount)),
    failedCount: sumOfKnown(jobs.map((job) => job.failedCount)),
    copyrightStates: stateSet(jobs.map((job) => job.copyrightState)),
    submittedAt: earliest(jobs.map((job) => job.submittedAt)),
    finishedAt: isFinal(status) ? latest(jobs.map((job) => job.finishedAt)) : null,
    deletedAt: status === SendStatus.DELETED ? latest(jobs.map((job) => job.deletedAt)) : null,
  };
  yield* run(tx.update(t.campaigns).set(set).where(eq(t.campaigns.id, campaignId)));
}
