import { and, asc, eq } from 'drizzle-orm';
import type { SendJob } from '../campaigns/campaign.ts';
import type { SendFailure } from '../campaigns/failure.ts';
import { changeableFrom, SendStatus } from '../campaigns/status.ts';
import { type Database, type Queries, run, type Step } from './database.ts';
import { changeJob } from './job-changes.ts';
import { createSettleStore } from './settle-store.ts';
import type { Tables } from './tables.ts';

/** Stops what has not left, and settles what WeChat does not explain. */
export function createCampaignControlStore(database: Database) {
  const { atomically, tables: t } = database;
  return {
    ...createSettleStore(database),

    /**
     * Cancels the jobs of a campaign that have not left, and gives all of them as they are then. One whose call is under way may yet be
     * put off by WeChat: that it shall not leave any more is kept for then.
     */
    cancel: (campaignId: string, at: Date): Promise<SendJob[]> =>
      atomically(function* (tx): Step<SendJob[]> {
        for (const id of yield* waiting(tx, t, campaignId)) {
          const set = { status: SendStatus.CANCELED, failure: null, nextAttemptAt: null, finishedAt: at };
          yield* changeJob(tx, t, { id, from: changeableFrom.cancel, set, at });
        }
        const underWay = and(eq(t.jobs.campaignId, campaignId), eq(t.jobs.status, SendStatus.SUBMITTING));
        yield* run(tx.update(t.jobs).set({ cancelWishedAt: at }).where(underWay));
        const ofCampaign = tx.select().from(t.jobs).where(eq(t.jobs.campaignId, campaignId));
        return yield* run(ofCampaign.orderBy(asc(t.jobs.index)));
      }),
  };
}
export type CampaignControlStore = ReturnType<typeof createCampaignControlStore>;

/** Ends the jobs of a campaign that have not left, for the reason that ended one of them. */
export function* stopRest(
  tx: Queries,
  t: Tables,
  campaignId: string,
  failure: SendFailure,
  at: Date,
): Step<void> {
  for (const id of yield* waiting(tx, t, campaignId)) {
    const set = { status: SendStatus.FAILED, failure, nextAttemptAt: null, finishedAt: at };
    yield* changeJob(tx, t, { id, from: changeableFrom.stop, set, at });
  }
}

function* waiting(tx: Queries, t: Tables, campaignId: string): Step<string[]> {
  const jobs = yield* run(
    tx
      .select({ id: t.jobs.id })
      .from(t.jobs)
      .where(and(eq(t.jobs.campaignId, campaignId), eq(t.jobs.status, SendStatus.PENDING))),
  );
  return jobs.map(({ id }) => id);
}
