import { and, asc, eq, inArray } from 'drizzle-orm';
import { recipientsOf, sumOfKnown } from '../campaigns/progress.ts';
import { campaignStatus, isFinal, SendStatus } from '../campaigns/status.ts';
import { inserting, place, placeOf, prepared } from './built-once.ts';
import { stateSet } from './copyright-states.ts';
import { type Queries, run, type Step } from './database.ts';
import type { Tables } from './tables.ts';

export type JobRow = Tables['jobs']['$inferSelect'];
export type EventRow = Tables['events']['$inferSelect'];

interface JobChange {
  id: string;
  /** The states the job may be in; in any other nothing happens. */
  from: readonly SendStatus[];
  /** The lease that it must be under, by its fence; left out where that does not matter. */
  fence?: number;
  set: Partial<JobRow>;
  at: Date;
}

type Update = ReturnType<typeof prepared<JobRow[]>>;

/** By the columns they set and their conditions: as many as there are calls of `changeJob`. */
const updates = new Map<string, Update>();

function updateOf(set: Partial<JobRow>, from: readonly SendStatus[], fence: number | undefined): Update {
  const columns = Object.entries(set).flatMap(([name, value]) =>
    value === undefined ? [] : [name as keyof JobRow],
  );
  const key = `${columns} ${from} ${fence === undefined}`;
  const update =
    updates.get(key) ??
    prepared<JobRow[]>((tx, t) =>
      tx
        .update(t.jobs)
        .set(Object.fromEntries(columns.map((name) => [name, placeOf(name, t.jobs[name])])))
        .where(
          and(
            eq(t.jobs.id, place('jobId')),
            inArray(t.jobs.status, [...from]),
            fence === undefined ? undefined : eq(t.jobs.fence, place('ofFence')),
          ),
        )
        .returning(),
    );
  updates.set(key, update);
  return update;
}

/** The event log grows by this alone. */
export const appendEvent = inserting('events', 'id');

/**
 * The only way a job changes its status: conditionally, with its event and its campaign's status in the same transaction. Null
 * where the job was not in a state to change.
 */
export function* changeJob(
  tx: Queries,
  t: Tables,
  { id, from, fence, set, at }: JobChange,
): Step<JobRow | null> {
  const [job] = yield* run(updateOf(set, from, fence)(tx, t, { ...set, jobId: id, ofFence: fence }));
  if (!job) return null;
  const { id: jobId, campaignId, appId, status } = job;
  yield* run(appendEvent(tx, t, { at, type: 'SendJobChanged', appId, campaignId, jobId, status }));
  yield* refreshCampaign(tx, t, campaignId);
  return job;
}

const latest = (dates: (Date | null)[]): Date | null =>
  dates.reduce((late, date) => (date && (!late || date > late) ? date : late), null);

export const earliest = (dates: (Date | null)[]): Date | null =>
  dates.reduce((early, date) => (date && (!early || date < early) ? date : early), null);

/** Brings a campaign up to date with its jobs. */
export function* refreshCampaign(tx: Queries, t: Tables, campaignId: string): Step<void> {
  const jobs = yield* run(jobsOfCampaign(tx, t, { campaignId }));
  const status = campaignStatus(jobs);
  const set = {
    status,
    recipients: recipientsOf(jobs),
    totalCount: sumOfKnown(jobs.map((job) => job.totalCount)),
    eligibleCount: sumOfKnown(jobs.map((job) => job.eligibleCount)),
    sentCount: sumOfKnown(jobs.map((job) => job.sentCount)),
    failedCount: sumOfKnown(jobs.map((job) => job.failedCount)),
    copyrightStates: stateSet(jobs.map((job) => job.copyrightState)),
    submittedAt: earliest(jobs.map((job) => job.submittedAt)),
    finishedAt: isFinal(status) ? latest(jobs.map((job) => job.finishedAt)) : null,
    deletedAt: status === SendStatus.DELETED ? latest(jobs.map((job) => job.deletedAt)) : null,
  };
  yield* run(updateCampaign(tx, t, { ...set, campaignId }));
}

const jobsOfCampaign = prepared((tx, t) =>
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
    .where(eq(t.jobs.campaignId, place('campaignId')))
    .orderBy(asc(t.jobs.index)),
);

const FOLLOWING = [
  ...(['status', 'recipients', 'totalCount', 'eligibleCount', 'sentCount', 'failedCount'] as const),
  ...(['copyrightStates', 'submittedAt', 'finishedAt', 'deletedAt'] as const),
];

const updateCampaign = prepared((tx, t) =>
  tx
    .update(t.campaigns)
    .set(Object.fromEntries(FOLLOWING.map((name) => [name, placeOf(name, t.campaigns[name])])))
    .where(eq(t.campaigns.id, place('campaignId'))),
);
