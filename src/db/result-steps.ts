import { and, asc, eq, sql } from 'drizzle-orm';
import type { DeliveryResult } from '../campaigns/delivery-result.ts';
import type { SendFailure } from '../campaigns/failure.ts';
import { changeableFrom, isFinal, SendStatus } from '../campaigns/status.ts';
import { isAnswerToCome } from './answer-to-come.ts';
import { place, prepared } from './built-once.ts';
import { type Queries, run, type Step } from './database.ts';
import { appendEvent, changeJob, type JobRow, refreshCampaign } from './job-changes.ts';
import { writeArticles } from './result-articles.ts';
import type { Tables } from './tables.ts';

/** A result event that says so outdoes a deletion that nobody here asked for. */
export const reachedNobody = (failure: SendFailure | null, eligible: number | null): boolean =>
  failure !== null || eligible === 0;

/**
 * Writes what a result event says about a job. The last event is the current one; a deleted job stays deleted, unless WeChat only called
 * it so because it reached nobody.
 */
export function* applyResult(
  tx: Queries,
  t: Tables,
  job: JobRow,
  result: DeliveryResult,
  at: Date,
): Step<void> {
  const { counts, copyrightCheck, rawStatus, failure, delivered } = result;
  const isDecided = delivered || failure !== null;
  // An event that decides nothing takes nothing back either, and leaves it to a poll to decide.
  const kept = isDecided ? null : job;
  const figures = {
    totalCount: counts?.total ?? kept?.totalCount ?? null,
    eligibleCount: counts?.eligible ?? kept?.eligibleCount ?? null,
    sentCount: counts?.sent ?? kept?.sentCount ?? null,
    failedCount: counts?.failed ?? kept?.failedCount ?? null,
    recipients: (yield* isList(tx, t, job)) ? job.recipients : (counts?.total ?? job.recipients),
    copyrightState: copyrightCheck?.state ?? kept?.copyrightState ?? null,
    ...(isDecided && {
      rawStatus,
      failure,
      // Whose end is known is asked for something else: whether it is deleted.
      nextPollAt: isFinal(job.status) ? job.nextPollAt : null,
      finishedAt: job.finishedAt ?? at,
      // From now on it is known what was deleted.
      deletionSeen: job.deletionSeen === null ? null : false,
    }),
  };
  const status = delivered ? SendStatus.SENT : SendStatus.FAILED;
  if (
    isDecided &&
    job.deletionSeen &&
    job.status === SendStatus.DELETED &&
    reachedNobody(failure, counts?.eligible ?? null)
  ) {
    const set = { ...figures, status, deletedAt: null, deletionSeen: null };
    yield* changeJob(tx, t, { id: job.id, from: [SendStatus.DELETED], set, at });
    yield* run(tx.update(t.jobArticles).set({ deletedAt: null }).where(eq(t.jobArticles.jobId, job.id)));
    return yield* writeArticles(tx, t, { ...job, deletedAt: null }, result);
  }
  const staysPut =
    !isDecided ||
    job.status === status ||
    !(changeableFrom.finish as readonly SendStatus[]).includes(job.status);
  if (staysPut) {
    yield* run(tx.update(t.jobs).set(figures).where(eq(t.jobs.id, job.id)));
    yield* refreshCampaign(tx, t, job.campaignId);
  } else {
    yield* changeJob(tx, t, {
      id: job.id,
      from: changeableFrom.finish,
      set: { ...figures, status },
      at,
    });
  }
  if (isDecided || copyrightCheck || result.articleUrls.length > 0) yield* writeArticles(tx, t, job, result);
}

/** A list says itself how many it names; of a tag or of everybody only the event does, and the last one counts. */
function* isList(tx: Queries, t: Tables, job: JobRow): Step<boolean> {
  const [campaign] = yield* run(
    tx.select({ kind: t.campaigns.audienceKind }).from(t.campaigns).where(eq(t.campaigns.id, job.campaignId)),
  );
  return campaign?.kind === 'OPEN_IDS';
}

export const jobsByMsgId = prepared((queries, t) =>
  queries
    .select()
    .from(t.jobs)
    .where(and(eq(t.jobs.appId, place('appId')), eq(t.jobs.msgId, place('msgId')))),
);

/** A result event waits for a call that may be its own for so long. The first repetitions of an unknown outcome are over by then. */
export const LONGEST_WAIT_MS = 5 * 60_000;

/**
 * Tells the result events that were not told yet. One that fits no job waits while WeChat's answer to a call of its account is still to
 * come, at once or to a repetition: it may say that it is its own. Where `now` is given, those that have waited for long enough are
 * told without a campaign; to a job that turns out to be theirs they are told again.
 */
export function* tellPushes(tx: Queries, t: Tables, appId: string, now: Date | null = null): Step<void> {
  const untold = yield* run(untoldPushes(tx, t, { appId }));
  if (untold.length === 0) return;
  const answerToCome = yield* isAnswerToCome(tx, t, appId);
  for (const push of untold) {
    const { result, receivedAt: at } = push;
    if (!result) continue;
    const [job] = yield* run(jobsByMsgId(tx, t, { appId, msgId: result.msgId }));
    const isPatient = now === null || at.getTime() > now.getTime() - LONGEST_WAIT_MS;
    if (!job && answerToCome && isPatient) continue;
    yield* tell(tx, t, appId, result, at, job);
    yield* run(tx.update(t.pushes).set({ untold: false }).where(eq(t.pushes.id, push.id)));
  }
}

export const untoldPushes = prepared((tx, t) =>
  tx
    .select()
    .from(t.pushes)
    .where(and(eq(t.pushes.appId, place('appId')), sql`${t.pushes.untold}`))
    .orderBy(asc(t.pushes.id)),
);

/** Appends the event, and writes down what it says where its job is known. */
export function* tell(
  tx: Queries,
  t: Tables,
  appId: string,
  result: DeliveryResult,
  at: Date,
  job: JobRow | undefined,
): Step<void> {
  const { msgId, rawStatus, counts, copyrightCheck } = result;
  yield* run(
    appendEvent(tx, t, {
      at,
      type: 'MassSendJobFinished',
      appId,
      campaignId: job?.campaignId ?? null,
      jobId: job?.id ?? null,
      msgId,
      rawStatus,
      counts,
      copyrightCheck,
    }),
  );
  if (job) yield* applyResult(tx, t, job, result, at);
}

/**
 * Tells a job whose msg_id has just become known what was told before without it. The log is only ever added to: a reader whose cursor is
 * past the first telling would miss it otherwise.
 */
export function* retellPushes(tx: Queries, t: Tables, accepted: JobRow, msgId: string): Step<void> {
  const { id, appId, nextPollAt } = accepted;
  const told = yield* run(toldPushes(tx, t, { appId, msgId }));
  for (const { result, receivedAt } of told) {
    const [job] = yield* run(tx.select().from(t.jobs).where(eq(t.jobs.id, id)));
    if (result) yield* tell(tx, t, appId, result, receivedAt, job);
  }
  // Whoever saw the id told may have deleted the send by it meanwhile, which nothing here could take down: WeChat is asked once.
  if (told.length > 0) yield* run(tx.update(t.jobs).set({ nextPollAt }).where(eq(t.jobs.id, id)));
}

const toldPushes = prepared((tx, t) =>
  tx
    .select()
    .from(t.pushes)
    .where(
      and(
        eq(t.pushes.appId, place('appId')),
        eq(t.pushes.msgId, place('msgId')),
        sql`not ${t.pushes.untold}`,
      ),
    )
    .orderBy(asc(t.pushes.id)),
);
