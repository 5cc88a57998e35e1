import { and, asc, eq, inArray, isNotNull, isNull, lte, min, ne } from 'drizzle-orm';
import { MessageType } from '../campaigns/message.ts';
import { changeableFrom, isFinal, SendStatus } from '../campaigns/status.ts';
import { place, placeOf, prepared } from './built-once.ts';
import { type Database, run } from './database.ts';
import { changeJob, type JobRow, type Step } from './job-changes.ts';
import { articleMsgid } from './result-articles.ts';
import { reachedNobody } from './result-steps.ts';

/** WeChat also calls a send deleted that reached nobody; its result event tells what really became of it. */
const isDeniedByResult = (job: JobRow, seen: SendStatus): boolean =>
  seen === SendStatus.DELETED && job.rawStatus !== null && reachedNobody(job.failure, job.eligibleCount);

/** What becomes of accepted sends where WeChat has to be asked, and their deletion. */
export function createStatusStore({ atomically, tables: t, read }: Database) {
  type Transaction = Parameters<Parameters<typeof atomically>[0]>[0];

  const byMsgId = (appId: string, msgId: string) => and(eq(t.jobs.appId, appId), eq(t.jobs.msgId, msgId));

  const liveArticles = (jobId: string) =>
    and(eq(t.jobArticles.jobId, jobId), isNull(t.jobArticles.deletedAt));

  function* applyStatus(
    tx: Transaction,
    job: JobRow,
    rawStatus: string | null,
    status: SendStatus,
    at: Date,
    isSeen: boolean,
  ): Step<void> {
    const { id } = job;
    const end = { status, finishedAt: job.finishedAt ?? at, nextPollAt: null };
    if (status === SendStatus.DELETED) {
      // What a poll made of the send is outdone by this; what its result event told is not.
      const failure = job.rawStatus === null ? null : job.failure;
      const set = { ...end, failure, deletedAt: at, deletionSeen: isSeen };
      yield* changeJob(tx, t, { id, from: changeableFrom.delete, set, at });
      yield* run(tx.update(t.jobArticles).set({ deletedAt: at }).where(liveArticles(id)));
    } else if (status === SendStatus.SENT) {
      yield* changeJob(tx, t, { id, from: changeableFrom.poll, set: end, at });
    } else if (status === SendStatus.FAILED) {
      const failure = {
        code: null,
        reason: 'WeChat reports that the send failed (发送失败)',
        rawStatus,
        retryable: true,
      };
      yield* changeJob(tx, t, { id, from: changeableFrom.poll, set: { ...end, failure }, at });
    }
  }

  /** One that nothing is known of yet: the result event may tell of it later. */
  function* rememberDeleted(tx: Transaction, job: JobRow, index: number, deletedAt: Date): Step<void> {
    const article = { jobId: job.id, index, articleMsgid: articleMsgid(job, index), deletedAt };
    yield* run(tx.insert(t.jobArticles).values(article).onConflictDoNothing());
  }

  function* hasArticles(tx: Transaction, { campaignId }: JobRow): Step<boolean> {
    const ofIt = eq(t.campaigns.id, campaignId);
    const [campaign] = yield* run(tx.select({ type: t.campaigns.messageType }).from(t.campaigns).where(ofIt));
    return campaign?.type === MessageType.MPNEWS;
  }

  function* deleteWhole(tx: Transaction, job: JobRow, at: Date): Step<void> {
    yield* applyStatus(tx, job, null, SendStatus.DELETED, at, false);
    yield* run(tx.update(t.jobs).set({ deletionSeen: false }).where(eq(t.jobs.id, job.id)));
    yield* askForSharers(tx, job, at);
  }

  /** All sends of a material share its pages, so WeChat is asked what it makes of the others. */
  function* askForSharers(tx: Transaction, { appId, campaignId, id }: JobRow, at: Date): Step<void> {
    const [campaign] = yield* run(tx.select().from(t.campaigns).where(eq(t.campaigns.id, campaignId)));
    if (!campaign || campaign.mediaId === null) return;
    const { mediaId } = campaign;
    const sharers = tx
      .select({ id: t.campaigns.id })
      .from(t.campaigns)
      .where(and(eq(t.campaigns.appId, appId), eq(t.campaigns.mediaId, mediaId)));
    const which = and(
      inArray(t.jobs.campaignId, sharers),
      eq(t.jobs.status, SendStatus.SENT),
      ne(t.jobs.id, id),
    );
    yield* run(tx.update(t.jobs).set({ nextPollAt: at }).where(which));
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
        const [job] = yield* run(tx.select().from(t.jobs).where(byMsgId(appId, msgId)));
        if (!job) return;
        if (!isDeniedByResult(job, seen.status)) {
          yield* applyStatus(tx, job, seen.rawStatus, seen.status, at, job.rawStatus === null);
        }
        if (isFinal(seen.status))
          yield* run(tx.update(t.jobs).set({ nextPollAt: null }).where(eq(t.jobs.id, job.id)));
      }),

    /** Takes down that WeChat deleted a send: all of it where `articleIndex` is null, or names the last article left or the only one. */
    recordDeletion: (appId: string, msgId: string, articleIndex: number | null, at: Date): Promise<void> =>
      atomically(function* (tx) {
        const [job] = yield* run(tx.select().from(t.jobs).where(byMsgId(appId, msgId)));
        if (!job) return;
        if (articleIndex === null || !(yield* hasArticles(tx, job))) return yield* deleteWhole(tx, job, at);
        const ofJob = liveArticles(job.id);
        const which = and(ofJob, eq(t.jobArticles.index, articleIndex));
        yield* run(tx.update(t.jobArticles).set({ deletedAt: at }).where(which));
        yield* rememberDeleted(tx, job, articleIndex, at);
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
        const sent = and(byMsgId(appId, msgId), eq(t.jobs.status, SendStatus.SENT));
        yield* run(tx.update(t.jobs).set({ nextPollAt: askAt }).where(sent));
      }),
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
