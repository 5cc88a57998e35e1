import { type AnyColumn, and, asc, eq, getTableColumns, inArray, ne, type SQL } from 'drizzle-orm';
import type { Campaign, SendJob, SentArticle } from '../campaigns/campaign.ts';
import type { CopyrightResult } from '../campaigns/delivery-result.ts';
import { SendStatus } from '../campaigns/status.ts';
import type { Soon } from '../soon.ts';
import { placeOf } from './built-once.ts';
import { campaignColumns } from './campaign-conditions.ts';
import { createCampaignPages } from './campaign-pages.ts';
import type { Database } from './database.ts';
import { isShown } from './hidden-accounts.ts';
import type { Preparable, WantedColumns } from './prepared.ts';
import type { Tables } from './tables.ts';

/** The states of a send that some may have received. */
const MAY_HAVE_ARRIVED = [SendStatus.SUBMITTING, SendStatus.UNKNOWN, SendStatus.SENDING, SendStatus.SENT];

/** Reads of campaigns and what belongs to them, always for many at once. Those of the accounts `hidden` are as if they were not there. */
export function createCampaignStore(database: Database, hidden: readonly string[] = []) {
  const { read, tables: t, prepare, isAmong } = database;
  /** For a list of ids, of any length. One alone is found in a third of the time that going through a list takes. */
  const byIds = <Row>(queryFor: (isOne: (column: AnyColumn) => SQL) => Preparable<Row>) => {
    const findAll = prepare(queryFor((column) => isAmong(column, 'ids')));
    const findOne = prepare(queryFor((column) => eq(column, placeOf('id', column))));
    return (ids: readonly string[], wanted?: WantedColumns | null): Soon<Row[]> =>
      ids.length === 1 ? findOne({ id: ids[0] }, wanted) : findAll({ ids }, wanted);
  };

  return {
    ...createCampaignPages(database, hidden),

    byIds: byIds<Campaign>((isOne) => ({
      columns: campaignColumns(t.campaigns),
      build: (columns) =>
        read
          .select(columns)
          .from(t.campaigns)
          .where(and(isOne(t.campaigns.id), isShown(t.campaigns.appId, hidden))),
    })),

    /** Other campaigns that sent the same material: deleting one kills the links of all. */
    async sameMaterial({ id, appId, mediaId }: Campaign): Promise<Campaign[]> {
      if (mediaId === null) return [];
      const rows = await read
        .select(campaignColumns(t.campaigns))
        .from(t.campaigns)
        .innerJoin(t.jobs, eq(t.jobs.campaignId, t.campaigns.id))
        .where(
          and(
            eq(t.campaigns.appId, appId),
            eq(t.campaigns.mediaId, mediaId),
            ne(t.campaigns.id, id),
            inArray(t.jobs.status, MAY_HAVE_ARRIVED),
          ),
        );
      // Each once and in order, but not by SQLite, which would go through all campaigns of the account for that.
      const campaigns = new Map(rows.map((campaign) => [campaign.id, campaign]));
      return [...campaigns.values()].sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
    },

    jobsByIds: byIds<SendJob>((isOne) => ({
      columns: jobColumns(t.jobs),
      build: (columns) =>
        read
          .select(columns)
          .from(t.jobs)
          .where(and(isOne(t.jobs.id), isShown(t.jobs.appId, hidden))),
    })),

    async jobByMsgId(appId: string, msgId: string): Promise<SendJob | null> {
      const [job] = await read
        .select()
        .from(t.jobs)
        .where(and(eq(t.jobs.appId, appId), eq(t.jobs.msgId, msgId)));
      return job ?? null;
    },

    jobsOfCampaigns: byIds<SendJob>((isOne) => ({
      columns: jobColumns(t.jobs),
      build: (columns) =>
        read
          .select(columns)
          .from(t.jobs)
          .where(isOne(t.jobs.campaignId))
          .orderBy(asc(t.jobs.campaignId), asc(t.jobs.index)),
    })),

    articlesOfJobs: byIds<SentArticle>((isOne) => ({
      columns: getTableColumns(t.jobArticles),
      build: (columns) =>
        read
          .select(columns)
          .from(t.jobArticles)
          .where(isOne(t.jobArticles.jobId))
          .orderBy(asc(t.jobArticles.jobId), asc(t.jobArticles.index)),
    })),

    copyrightOfJobs: byIds<CopyrightResult & { jobId: string }>((isOne) => ({
      columns: getTableColumns(t.copyrightResults),
      build: (columns) =>
        read
          .select(columns)
          .from(t.copyrightResults)
          .where(isOne(t.copyrightResults.jobId))
          .orderBy(asc(t.copyrightResults.jobId), asc(t.copyrightResults.articleIndex)),
    })),
  };
}
export type CampaignStore = ReturnType<typeof createCampaignStore>;

/** What a job is told by; what else stands in its row is for its way to WeChat. */
const jobColumns = (t: Tables['jobs']) => ({
  id: t.id,
  campaignId: t.campaignId,
  appId: t.appId,
  index: t.index,
  clientMsgId: t.clientMsgId,
  recipients: t.recipients,
  status: t.status,
  msgId: t.msgId,
  msgDataId: t.msgDataId,
  failure: t.failure,
  totalCount: t.totalCount,
  eligibleCount: t.eligibleCount,
  sentCount: t.sentCount,
  failedCount: t.failedCount,
  copyrightState: t.copyrightState,
  attempts: t.attempts,
  submittedAt: t.submittedAt,
  nextAttemptAt: t.nextAttemptAt,
  finishedAt: t.finishedAt,
});
