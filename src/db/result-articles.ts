import { and, eq, isNotNull, isNull } from 'drizzle-orm';
import type { DeliveryResult } from '../campaigns/delivery-result.ts';
import { type Queries, run, type Step } from './database.ts';
import type { JobRow } from './job-changes.ts';
import type { Tables } from './tables.ts';

/** In place of what an event before it said. */
export function* writeArticles(tx: Queries, t: Tables, job: JobRow, result: DeliveryResult): Step<void> {
  const { articleUrls, copyrightCheck } = result;
  const ofJob = eq(t.jobArticles.jobId, job.id);
  // Without a title it was learned from an event.
  const isLearned = and(ofJob, isNull(t.jobArticles.title), isNull(t.jobArticles.deletedAt));
  yield* run(tx.delete(t.jobArticles).where(isLearned));
  yield* run(
    tx
      .update(t.jobArticles)
      .set({ url: null })
      .where(and(ofJob, isNotNull(t.jobArticles.url))),
  );
  const results = copyrightCheck?.results ?? [];
  const indexes = new Set([...articleUrls, ...results].map(({ articleIndex }) => articleIndex));
  for (const index of indexes) {
    const url = articleUrls.find((article) => article.articleIndex === index)?.url;
    const insert = tx.insert(t.jobArticles).values({
      jobId: job.id,
      index,
      articleMsgid: articleMsgid(job, index),
      url,
      deletedAt: job.deletedAt,
    });
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
