import { and, count, eq, isNotNull, isNull, lte, min, or, sql } from 'drizzle-orm';
import { SendStatus } from '../campaigns/status.ts';
import type { Database } from './database.ts';

export interface JobGauge {
  appId: string;
  status: SendStatus;
  jobs: number;
  /** Of those of one account and state, the first call of the one that has been unknown for longest. */
  unknownSince: Date | null;
}

/** What is measured in the database, each by one statement that an index leads. Nothing here waits for a writer. */
export function createGaugeStore({ read, tables: t }: Database) {
  const dueAt = sql`coalesce(${t.campaigns.scheduledAt}, ${t.campaigns.createdAt})`;
  return {
    jobs: (): Promise<JobGauge[]> =>
      read
        .select({
          appId: t.jobs.appId,
          status: t.jobs.status,
          jobs: count(),
          unknownSince: min(t.jobs.unknownSince),
        })
        .from(t.jobs)
        .groupBy(t.jobs.appId, t.jobs.status),

    /** Since when the send of each account that waits for longest could have left. */
    waiting: (now: Date): Promise<{ appId: string; dueSince: Date | null }[]> =>
      read
        .select({ appId: t.jobs.appId, dueSince: min(dueAt).mapWith(t.campaigns.createdAt) })
        .from(t.jobs)
        .innerJoin(t.campaigns, eq(t.campaigns.id, t.jobs.campaignId))
        .where(
          and(
            eq(t.jobs.status, SendStatus.PENDING),
            // Without it SQLite would go through every job that ever was.
            isNotNull(t.jobs.nextAttemptAt),
            or(isNull(t.campaigns.scheduledAt), lte(t.campaigns.scheduledAt, now)),
          ),
        )
        .groupBy(t.jobs.appId),

    tokens: (): Promise<{ appId: string; expiresAt: Date }[]> =>
      read.select({ appId: t.accessTokens.appId, expiresAt: t.accessTokens.expiresAt }).from(t.accessTokens),
  };
}
