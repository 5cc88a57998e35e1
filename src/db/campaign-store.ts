import { and, asc, count, desc, eq, gte, inArray, lt, ne, notInArray, type SQL } from 'drizzle-orm';
import type { Campaign, SendJob, SentArticle } from '../campaigns/campaign.ts';
import type { CopyrightResult, CopyrightState } from '../campaigns/delivery-result.ts';
import type { MessageType } from '../campaigns/message.ts';
import { SendStatus } from '../campaigns/status.ts';
import type { Database } from './database.ts';
import { after, atOrAfter, atOrBefore, before } from './keyset.ts';

/** The states of a send that some may have received. */
const MAY_HAVE_ARRIVED = [SendStatus.SUBMITTING, SendStatus.UNKNOWN, SendStatus.SENDING, SendStatus.SENT];

export interface CampaignQuery {
  appId?: string | null;
  idempotencyKey?: string | null;
  statuses?: SendStatus[] | null;
  messageTypes?: MessageType[] | null;
  msgId?: string | null;
  msgDataId?: string | null;
  tagId?: number | null;
  copyrightStates?: CopyrightState[] | null;
  createdFrom?: Date | null;
  createdTo?: Date | null;
}

/** A place between two campaigns in the order of time. */
export interface CampaignPosition {
  createdAt: Date;
  id: string;
}

export interface CampaignPage {
  limit: number;
  /** Newest first from the front, or from the far end towards newer ones. */
  from: 'newest' | 'oldest';
  olderThan: CampaignPosition | null;
  newerThan: CampaignPosition | null;
}

/** Reads of campaigns and what belongs to them, always for many at once. Those of the accounts `hidden` are as if they were not there. */
export function createCampaignStore({ read, tables: t }: Database, hidden: readonly string[] = []) {
  const isShown = (appId: typeof t.campaigns.appId | typeof t.jobs.appId) =>
    hidden.length > 0 ? notInArray(appId, [...hidden]) : undefined;

  const position = [t.campaigns.createdAt, t.campaigns.id] as const;
  const values = ({ createdAt, id }: CampaignPosition) => [createdAt, id] as const;

  const ofJobs = (where: SQL | undefined) =>
    inArray(t.campaigns.id, read.select({ id: t.jobs.campaignId }).from(t.jobs).where(where));

  const matching = (query: CampaignQuery): SQL | undefined => {
    const {
      appId,
      idempotencyKey,
      statuses,
      messageTypes,
      msgId,
      msgDataId,
      tagId,
      copyrightStates,
      createdFrom,
      createdTo,
    } = query;
    return and(
      isShown(t.campaigns.appId),
      idempotencyKey != null ? eq(t.campaigns.idempotencyKey, idempotencyKey) : undefined,
      appId != null ? eq(t.campaigns.appId, appId) : undefined,
      statuses != null ? inArray(t.campaigns.status, [...new Set(statuses)]) : undefined,
      messageTypes != null ? inArray(t.campaigns.messageType, [...new Set(messageTypes)]) : undefined,
      msgId != null ? ofJobs(eq(t.jobs.msgId, msgId)) : undefined,
      msgDataId != null ? ofJobs(eq(t.jobs.msgDataId, msgDataId)) : undefined,
      tagId != null ? eq(t.campaigns.tagId, tagId) : undefined,
      copyrightStates != null
        ? ofJobs(inArray(t.jobs.copyrightState, [...new Set(copyrightStates)]))
        : undefined,
      createdFrom != null ? gte(t.campaigns.createdAt, createdFrom) : undefined,
      createdTo != null ? lt(t.campaigns.createdAt, createdTo) : undefined,
    );
  };

  return {
    page: (
      query: CampaignQuery,
      { limit, from, olderThan, newerThan }: CampaignPage,
    ): Promise<Campaign[]> => {
      const direction = from === 'newest' ? desc : asc;
      return read
        .select()
        .from(t.campaigns)
        .where(
          and(
            matching(query),
            olderThan ? before(position, values(olderThan)) : undefined,
            newerThan ? after(position, values(newerThan)) : undefined,
          ),
        )
        .orderBy(direction(t.campaigns.createdAt), direction(t.campaigns.id))
        .limit(limit);
    },

    /** Whether any lies at a position or beyond it, on the side of the newer or of the older ones. */
    async liesBeyond(
      query: CampaignQuery,
      place: CampaignPosition,
      side: 'newer' | 'older',
    ): Promise<boolean> {
      const [beyond, direction] = side === 'newer' ? [atOrAfter, asc] : [atOrBefore, desc];
      const found = await read
        .select({ id: t.campaigns.id })
        .from(t.campaigns)
        .where(and(matching(query), beyond(position, values(place))))
        .orderBy(direction(t.campaigns.createdAt), direction(t.campaigns.id))
        .limit(1);
      return found.length > 0;
    },

    async count(query: CampaignQuery): Promise<number> {
      const [row] = await read.select({ total: count() }).from(t.campaigns).where(matching(query));
      return row?.total ?? 0;
    },

    byIds: (ids: readonly string[]): Promise<Campaign[]> =>
      read
        .select()
        .from(t.campaigns)
        .where(and(inArray(t.campaigns.id, [...ids]), isShown(t.campaigns.appId))),

    async byMsgId(appId: string, msgId: string): Promise<Campaign | null> {
      const [row] = await read
        .select({ campaign: t.campaigns })
        .from(t.jobs)
        .innerJoin(t.campaigns, eq(t.campaigns.id, t.jobs.campaignId))
        .where(and(eq(t.jobs.appId, appId), eq(t.jobs.msgId, msgId)));
      return row?.campaign ?? null;
    },

    /** Other campaigns that sent the same material: deleting one kills the links of all. */
    sameMaterial: ({ id, appId, mediaId }: Campaign): Promise<Campaign[]> =>
      mediaId === null
        ? Promise.resolve([])
        : read
            .select()
            .from(t.campaigns)
            .where(
              and(
                eq(t.campaigns.appId, appId),
                eq(t.campaigns.mediaId, mediaId),
                ne(t.campaigns.id, id),
                ofJobs(inArray(t.jobs.status, MAY_HAVE_ARRIVED)),
              ),
            )
            .orderBy(desc(t.campaigns.createdAt)),

    jobsByIds: (ids: readonly string[]): Promise<SendJob[]> =>
      read
        .select()
        .from(t.jobs)
        .where(and(inArray(t.jobs.id, [...ids]), isShown(t.jobs.appId))),

    async jobByMsgId(appId: string, msgId: string): Promise<SendJob | null> {
      const [job] = await read
        .select()
        .from(t.jobs)
        .where(and(eq(t.jobs.appId, appId), eq(t.jobs.msgId, msgId)));
      return job ?? null;
    },

    /** The job that WeChat knows by an id. */
    async jobOf(appId: string, msgId: string): Promise<{ campaignId: string; jobId: string } | null> {
      const [job] = await read
        .select({ campaignId: t.jobs.campaignId, jobId: t.jobs.id })
        .from(t.jobs)
        .where(and(eq(t.jobs.appId, appId), eq(t.jobs.msgId, msgId)));
      return job ?? null;
    },

    jobsOfCampaigns: (ids: readonly string[]): Promise<SendJob[]> =>
      read
        .select()
        .from(t.jobs)
        .where(inArray(t.jobs.campaignId, [...ids]))
        .orderBy(asc(t.jobs.index)),

    articlesOfJobs: (ids: readonly string[]): Promise<SentArticle[]> =>
      read
        .select()
        .from(t.jobArticles)
        .where(inArray(t.jobArticles.jobId, [...ids]))
        .orderBy(asc(t.jobArticles.index)),

    copyrightOfJobs: (ids: readonly string[]): Promise<(CopyrightResult & { jobId: string })[]> =>
      read
        .select()
        .from(t.copyrightResults)
        .where(inArray(t.copyrightResults.jobId, [...ids]))
        .orderBy(asc(t.copyrightResults.articleIndex)),
  };
}
export type CampaignStore = ReturnType<typeof createCampaignStore>;
