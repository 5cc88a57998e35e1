import { and, asc, eq, gt, inArray, lte } from 'drizzle-orm';
import { SendStatus } from '../campaigns/status.ts';
import { place, placeOf, prepared } from './built-once.ts';

/** A call that is under way for an account. */
export const leasedJob = prepared((tx, t) =>
  tx
    .select({ id: t.jobs.id })
    .from(t.jobs)
    .where(and(eq(t.jobs.appId, place('appId')), gt(t.jobs.leaseUntil, placeOf('now', t.jobs.leaseUntil))))
    .limit(1),
);

/** The gateway that the database belongs to. */
export const ownerOf = prepared((tx, t) => tx.select({ fence: t.instance.fence }).from(t.instance));

/** The next job of an account whose time has come. */
export const dueJob = prepared((tx, t) =>
  tx
    .select()
    .from(t.jobs)
    .where(
      and(
        eq(t.jobs.appId, place('appId')),
        inArray(t.jobs.status, [SendStatus.PENDING, SendStatus.UNKNOWN]),
        lte(t.jobs.nextAttemptAt, placeOf('now', t.jobs.nextAttemptAt)),
      ),
    )
    .orderBy(asc(t.jobs.nextAttemptAt), asc(t.jobs.campaignId), asc(t.jobs.index))
    .limit(1),
);

/** What is handed to WeChat for a job. */
export const requestOf = prepared((tx, t) =>
  tx
    .select()
    .from(t.jobRequests)
    .where(eq(t.jobRequests.jobId, place('jobId'))),
);

/** What is known of the articles that a job sends. */
export const articlesOf = prepared((tx, t) =>
  tx
    .select({ index: t.jobArticles.index })
    .from(t.jobArticles)
    .where(eq(t.jobArticles.jobId, place('jobId'))),
);
