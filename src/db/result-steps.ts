import { and, asc, desc, eq, isNotNull, isNull } from 'drizzle-orm';
import type { DeliveryResult } from '../campaigns/delivery-result.ts';
import { changeableFrom, SendStatus } from '../campaigns/status.ts';
import { type Queries, run } from './database.ts';
import { changeJob, type JobRow, type Step } from './job-changes.ts';
import type { Tables } from './tables.ts';

/** Writes what a result event says about a job. The last event is the current one; a deleted job stays deleted. */
export function* applyResult(
  tx: Queries,
  t: Tables,
  job: JobRow,
  result: DeliveryResult,
  at: Date,
): Step<void> {
  const { counts, copyrightCheck, rawStatus, failure, delivered } = result;
  const figures = {
    totalCount: counts?.total ?? null,
    eligibleCount: counts?.eligible ?? null,
    sentCount: counts?.sent ?? null,
    failedCount: counts?.failed ?? null,
    recipients: job.recipients ?? counts?.total ?? null,
    copyrightState: copyrightCheck?.state ?? null,
    rawStatus,
    nextPollAt: null,
    finishedAt: job.finishedAt ?? at,
  };
  const status = delivered ? SendStatus.SENT : SendStatus.FAILED;
  const moved =
    job.status === status || !(changeableFrom.finish as readonly SendStatus[]).includes(job.status);
  if (moved) {
    const kept = job.status === status ? { ...figures, failure } : figures;
    yield* run(tx.update(t.jobs).set(kept).where(eq(t.jobs.id, job.id)));
  } else {
    yield* changeJob(tx, t, {
      id: job.id,
      from: changeableFrom.finish,
      set: { ...figures, status, failure },
      at,
    });
  }
  yield* writeArticles(tx, t, job, result);
}

function* writeArticles(tx: Queries, t: Tables, job: JobRow, result: DeliveryResult): Step<void> {
  const { articleUrls, copyrightCheck } = result;
  const results = copyrightCheck?.results ?? [];
  const indexes = new Set([...articleUrls, ...results].map(({ articleIndex }) => articleIndex));
  for (const index of indexes) {
    const url = articleUrls.find((article) => article.articleIndex === index)?.url;
    const insert = tx
      .insert(t.jobArticles)
      .values({ jobId: job.id, index, articleMsgid: articleMsgid(job, index), url });
    const target = [t.jobArticles.jobId, t.jobArticles.index];
    yield* run(
      url ? insert.onConflictDoUpdate({ target, set: { url } }) : insert.onConflictDoNothing({ target }),
    );
  }
  yield* run(tx.delete(t.copyrightResults).where(eq(t.copyrightResults.jobId, job.id)));
  if (results.length > 0) {
    yield* run(
      tx
        .insert(t.copyrightResults)
        .values(results.map((found) => ({ jobId: job.id, ...found })))
        .onConflictDoNothing(),
    );
  }
}

export const articleMsgid = ({ msgDataId }: { msgDataId: string | null }, index: number): string | null =>
  msgDataId === null ? null : `${msgDataId}_${index}`;

/**
 * Tells the result events that were not told yet. One that fits no job waits while a call of its account is under way: the
 * answer to that call may say that it is its own.
 */
export function* tellPushes(tx: Queries, t: Tables, appId: string): Step<void> {
  const untold = yield* run(
    tx
      .select()
      .from(t.pushes)
      .where(and(eq(t.pushes.appId, appId), eq(t.pushes.untold, true)))
      .orderBy(asc(t.pushes.id)),
  );
  for (const push of untold) {
    const { result, receivedAt: at } = push;
    if (!result) continue;
    const [job] = yield* run(
      tx
        .select()
        .from(t.jobs)
        .where(and(eq(t.jobs.appId, appId), eq(t.jobs.msgId, result.msgId))),
    );
    if (!job && (yield* callUnderWay(tx, t, appId))) return;
    const { msgId, rawStatus, counts, copyrightCheck } = result;
    yield* run(
      tx.insert(t.events).values({
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
    yield* run(tx.update(t.pushes).set({ untold: false }).where(eq(t.pushes.id, push.id)));
  }
}

function* callUnderWay(tx: Queries, t: Tables, appId: string): Step<boolean> {
  const leased = yield* run(
    tx
      .select({ id: t.jobs.id })
      .from(t.jobs)
      .where(and(eq(t.jobs.appId, appId), isNotNull(t.jobs.leaseUntil)))
      .limit(1),
  );
  return leased.length > 0;
}

/** Gives a job whose msg_id has just become known what was told before without it. */
export function* attachToldPushes(tx: Queries, t: Tables, job: JobRow, msgId: string): Step<void> {
  const { appId } = job;
  yield* run(
    tx
      .update(t.events)
      .set({ campaignId: job.campaignId, jobId: job.id })
      .where(and(eq(t.events.appId, appId), eq(t.events.msgId, msgId), isNull(t.events.campaignId))),
  );
  const [push] = yield* run(
    tx
      .select()
      .from(t.pushes)
      .where(and(eq(t.pushes.appId, appId), eq(t.pushes.msgId, msgId), eq(t.pushes.untold, false)))
      .orderBy(desc(t.pushes.id))
      .limit(1),
  );
  if (push?.result) yield* applyResult(tx, t, job, push.result, push.receivedAt);
}
