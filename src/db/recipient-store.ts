import { and, asc, eq, gte, isNotNull, lt, ne } from 'drizzle-orm';
import { SendStatus } from '../campaigns/status.ts';
import type { Database } from './database.ts';

/** Whom lists were sent to. */
export function createRecipientStore({ read, tables: t }: Database) {
  return {
    /** The requests to lists of OpenIDs that WeChat accepted in a span and did not fail to send, one at a time: together they may be longer than memory. */
    async *acceptedRequests(appId: string, from: Date, to: Date): AsyncGenerator<string> {
      const jobs = await read
        .select({ id: t.jobs.id })
        .from(t.jobs)
        .innerJoin(t.campaigns, eq(t.campaigns.id, t.jobs.campaignId))
        .where(
          and(
            eq(t.jobs.appId, appId),
            eq(t.campaigns.audienceKind, 'OPEN_IDS'),
            isNotNull(t.jobs.msgId),
            ne(t.jobs.status, SendStatus.FAILED),
            gte(t.jobs.countsAt, from),
            lt(t.jobs.countsAt, to),
          ),
        )
        .orderBy(asc(t.jobs.id));
      for (const { id } of jobs) {
        const [request] = await read
          .select({ body: t.jobRequests.body })
          .from(t.jobRequests)
          .where(eq(t.jobRequests.jobId, id));
        if (request) yield request.body;
      }
    },
  };
}
export type RecipientStore = ReturnType<typeof createRecipientStore>;
