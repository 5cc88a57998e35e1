import DataLoader from 'dataloader';
import type { ArticleKey } from '../db/analytics-store.ts';
import type { WantedColumns } from '../db/prepared.ts';
import type { Loaders, Services } from '../schema/context.ts';
import type { Soon } from '../soon.ts';
import type { MassStatus } from '../wechat/client.ts';
import { WechatError } from '../wechat/errors.ts';

/** More than SQLite takes as parameters of one statement is far above this, and no page is as long. */
const MOST_KEYS = 1_000;

type ReadByIds<V> = (ids: readonly string[], wanted: WantedColumns | null) => Soon<V[]>;

const articleText = ({ appId, articleMsgid }: ArticleKey): string => `${appId} ${articleMsgid}`;

export function createLoaders(
  { campaigns, analytics, wechat, statuses, clock }: Services,
  wanted: WantedColumns | null = null,
): Loaders {
  const one = <V extends { id: string }>(read: ReadByIds<V>) =>
    new DataLoader<string, V | null>(
      async (ids) => {
        const byId = new Map((await read(ids, wanted)).map((row) => [row.id, row]));
        return ids.map((id) => byId.get(id) ?? null);
      },
      { maxBatchSize: MOST_KEYS },
    );

  const many = <V>(read: ReadByIds<V>, keyOf: (row: V) => string) =>
    new DataLoader<string, V[]>(
      async (ids) => {
        const byKey = Map.groupBy(await read(ids, wanted), keyOf);
        return ids.map((id) => byKey.get(id) ?? []);
      },
      { maxBatchSize: MOST_KEYS },
    );

  /** As `many`, for articles of accounts. */
  const ofArticle = <V extends ArticleKey>(read: (keys: readonly ArticleKey[]) => Promise<V[]>) =>
    new DataLoader<ArticleKey, V[], string>(
      async (keys) => {
        const byKey = Map.groupBy(await read(keys), articleText);
        return keys.map((key) => byKey.get(articleText(key)) ?? []);
      },
      { maxBatchSize: MOST_KEYS, cacheKeyFn: articleText },
    );

  return {
    articleDays: ofArticle(analytics.daysOfArticles),
    articleSources: ofArticle(analytics.sourcesOfArticles),
    campaignsOfArticle: ofArticle(analytics.campaignsOfArticles),
    campaign: one(campaigns.byIds),
    job: one(campaigns.jobsByIds),
    jobsOfCampaign: many(campaigns.jobsOfCampaigns, ({ campaignId }) => campaignId),
    articlesOfJob: many(campaigns.articlesOfJobs, ({ jobId }) => jobId),
    copyrightOfJob: many(campaigns.copyrightOfJobs, ({ jobId }) => jobId),
    // WeChat takes one id at a time, so nothing is batched; each is asked for once a request all the same.
    massStatus: new DataLoader<{ appId: string; msgId: string }, MassStatus, string>(
      (keys) =>
        Promise.all(
          keys.map(async ({ appId, msgId }) => {
            try {
              const seen = await wechat(appId).massStatus(msgId);
              await statuses.recordStatus(appId, msgId, seen, clock.now());
              return seen;
            } catch (error) {
              // A value that is an error rejects what waits for this key, and for no other.
              if (error instanceof WechatError) return error;
              throw error;
            }
          }),
        ),
      { cacheKeyFn: ({ appId, msgId }) => `${appId} ${msgId}` },
    ),
  };
}
