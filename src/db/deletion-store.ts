import { and, eq, inArray, isNotNull, isNull, ne } from 'drizzle-orm';
import { MessageType } from '../campaigns/message.ts';
import { changeableFrom, SendStatus } from '../campaigns/status.ts';
import { type Database, type Queries, run, type Step } from './database.ts';
import { changeJob, type JobRow } from './job-changes.ts';
import { articleMsgid } from './result-articles.ts';
import { jobsByMsgId } from './result-steps.ts';
import type { Tables } from './tables.ts';

/** Who is asked whether it is deleted; and not fewer times because it was asked for its result before. */
const askedAt = (nextPollAt: Date) => ({ nextPollAt, polls: 0 });

const liveArticles = (t: Tables, jobId: string) =>
  and(eq(t.jobArticles.jobId, jobId), isNull(t.jobArticles.deletedAt));

/** @param isSeen WeChat says so, and nobody here has asked for it */
export function* markDeleted(tx: Queries, t: Tables, job: JobRow, at: Date, isSeen: boolean): Step<void> {
  const { id } = job;
  const end = { status: SendStatus.DELETED, finishedAt: job.finishedAt ?? at, nextPollAt: null };
  // What a poll made of the send is outdone by this; what its result event told is not.
  const failure = job.rawStatus === null ? null : job.failure;
  const set = { ...end, failure, deletedAt: at, deletionSeen: isSeen };
  const deleted = yield* changeJob(tx, t, { id, from: changeableFrom.delete, set, at });
  yield* run(tx.update(t.jobArticles).set({ deletedAt: at }).where(liveArticles(t, id)));
  if (deleted) yield* askForSharers(tx, t, job, at);
}

/** All sends of a material share its pages, so WeChat is asked what it makes of the others. */
function* askForSharers(tx: Queries, t: Tables, job: JobRow, at: Date): Step<void> {
  const { mediaId = null } = (yield* campaignOf(tx, t, job)) ?? {};
  if (mediaId === null) return;
  const which = and(
    inArray(t.jobs.campaignId, campaignsOf(tx, t, job.appId, mediaId)),
    eq(t.jobs.status, SendStatus.SENT),
    ne(t.jobs.id, job.id),
  );
  yield* run(tx.update(t.jobs).set(askedAt(at)).where(which));
}

function* campaignOf(tx: Queries, t: Tables, { campaignId }: JobRow) {
  const [campaign] = yield* run(tx.select().from(t.campaigns).where(eq(t.campaigns.id, campaignId)));
  return campaign;
}

const campaignsOf = (tx: Queries, t: Tables, appId: string, mediaId: string) =>
  tx
    .select({ id: t.campaigns.id })
    .from(t.campaigns)
    .where(and(eq(t.campaigns.appId, appId), eq(t.campaigns.mediaId, mediaId)));

/** What is deleted at WeChat. */
export function createDeletionStore({ atomically, tables: t }: Database) {
  /** One that nothing is known of yet: the result event may tell of it later. */
  function* rememberDeleted(tx: Queries, job: JobRow, index: number, deletedAt: Date): Step<void> {
    const article = { jobId: job.id, index, articleMsgid: articleMsgid(job, index), deletedAt };
    yield* run(tx.insert(t.jobArticles).values(article).onConflictDoNothing());
  }

  /** All sends of a material share its pages: an article that is gone from one is gone from all that have left. */
  function* deleteOfAll(
    tx: Queries,
    { id, appId }: JobRow,
    mediaId: string | null,
    index: number,
    at: Date,
  ): Step<void> {
    if (mediaId === null) return;
    const sharers = yield* run(
      tx
        .select({ id: t.jobs.id, status: t.jobs.status })
        .from(t.jobs)
        .where(and(inArray(t.jobs.campaignId, campaignsOf(tx, t, appId, mediaId)), isNotNull(t.jobs.msgId))),
    );
    for (const sharer of sharers) {
      const live = and(liveArticles(t, sharer.id), eq(t.jobArticles.index, index));
      const gone = yield* run(
        tx.update(t.jobArticles).set({ deletedAt: at }).where(live).returning({ index: t.jobArticles.index }),
      );
      const { status } = sharer;
      if (gone.length > 0 && sharer.id !== id)
        yield* changeJob(tx, t, { id: sharer.id, from: [status], set: { status }, at });
    }
  }

  function* deleteWhole(tx: Queries, job: JobRow, at: Date): Step<void> {
    yield* markDeleted(tx, t, job, at, false);
    yield* run(tx.update(t.jobs).set({ deletionSeen: false }).where(eq(t.jobs.id, job.id)));
  }

  return {
    /** Takes down that WeChat deleted a send: all of it where `articleIndex` is null, or names the last article left or the only one. */
    recordDeletion: (appId: string, msgId: string, articleIndex: number | null, at: Date): Promise<void> =>
      atomically(function* (tx) {
        const [job] = yield* run(jobsByMsgId(tx, t, { appId, msgId }));
        if (!job) return;
        const campaign = yield* campaignOf(tx, t, job);
        if (articleIndex === null || campaign?.messageType !== MessageType.MPNEWS)
          return yield* deleteWhole(tx, job, at);
        const ofJob = liveArticles(t, job.id);
        yield* rememberDeleted(tx, job, articleIndex, at);
        yield* deleteOfAll(tx, job, campaign.mediaId, articleIndex, at);
        const left = yield* run(tx.select({ index: t.jobArticles.index }).from(t.jobArticles).where(ofJob));
        const known = yield* run(
          tx
            .select({ title: t.jobArticles.title })
            .from(t.jobArticles)
            .where(eq(t.jobArticles.jobId, job.id)),
        );
        // Without a title it was learned from a result event, which need not name them all.
        const areAllKnown = known.length > 0 && known.every(({ title }) => title !== null);
        if (areAllKnown && left.length === 0) return yield* deleteWhole(tx, job, at);
        // How many there are is not known, so whether this was the last one is for WeChat to say.
        const set = { status: job.status, ...(!areAllKnown && { nextPollAt: at }) };
        yield* changeJob(tx, t, { id: job.id, from: [job.status], set, at });
      }),

    /** WeChat may have deleted a send: it is asked from `askAt` on. */
    doubtDeletion: (appId: string, msgId: string, askAt: Date): Promise<void> =>
      atomically(function* (tx) {
        const [job] = yield* run(jobsByMsgId(tx, t, { appId, msgId }));
        if (job?.status === SendStatus.SENT)
          yield* run(tx.update(t.jobs).set(askedAt(askAt)).where(eq(t.jobs.id, job.id)));
      }),
  };
}
