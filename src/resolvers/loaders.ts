import DataLoader from 'dataloader';
import type { ArticleKey } from '../db/analytics-store.ts';
import type { WantedColumns } from '../db/prepared.ts';
import type { FamilyLoader, Loaders, NodeLoader, Services } from '../schema/context.ts';
import { type Soon, withIt } from '../soon.ts';
import type { MassStatus } from '../wechat/client.ts';
import { WechatError } from '../wechat/errors.ts';

/** More than SQLite takes as parameters of one statement is far above this, and no page is as long. */
const MOST_KEYS = 1_000;

type ReadByIds<V> = (ids: readonly string[], wanted: WantedColumns | null) => Soon<V[]>;

const campaignOf = ({ campaignId }: { campaignId: string }) => campaignId;
const jobOf = ({ jobId }: { jobId: string }) => jobId;
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

  function known<V extends { id: string }>(read: ReadByIds<V>): NodeLoader<V> {
    const unknown = one(read);
    const nodes = new Map<string, V>();
    const loader: NodeLoader<V> = {
      load: (id) => nodes.get(id) ?? unknown.load(id),
      prime(found) {
        for (const node of found) nodes.set(node.id, node);
      },
      clear(id) {
        nodes.delete(id);
        unknown.clear(id);
        return loader;
      },
    };
    return loader;
  }

  /** @param seen told of those of each that were read together */
  function family<V>(
    read: ReadByIds<V>,
    keyOf: (row: V) => string,
    seen?: (families: Iterable<V[]>) => void,
  ): FamilyLoader<V> {
    const unexpected = many(read, keyOf);
    const known = new Map<string, V[]>();
    const coming = new Map<string, Promise<void>>();
    let expected: string[] = [];

    function readExpected(): void {
      const ids = expected.filter((id) => !known.has(id) && !coming.has(id));
      expected = [];
      const keep = (rows: V[]): void => {
        for (const id of ids) known.set(id, []);
        for (const row of rows) known.get(keyOf(row))?.push(row);
        seen?.(known.values());
      };
      const kept = withIt(read(ids, wanted), keep);
      if (kept) for (const id of ids) coming.set(id, kept);
    }

    return {
      load(id) {
        if (!known.has(id) && expected.includes(id)) readExpected();
        return known.get(id) ?? coming.get(id)?.then(() => known.get(id) ?? []) ?? unexpected.load(id);
      },
      expect(ids) {
        expected = [...expected, ...ids];
      },
    };
  }

  /** As `many`, for articles of accounts. */
  const ofArticle = <V extends ArticleKey>(read: (keys: readonly ArticleKey[]) => Promise<V[]>) =>
    new DataLoader<ArticleKey, V[], string>(
      async (keys) => {
        const byKey = Map.groupBy(await read(keys), articleText);
        return keys.map((key) => byKey.get(articleText(key)) ?? []);
      },
      { maxBatchSize: MOST_KEYS, cacheKeyFn: articleText },
    );

  const articlesOfJob = family(campaigns.articlesOfJobs, jobOf);

  return {
    articleDays: ofArticle(analytics.daysOfArticles),
    articleSources: ofArticle(analytics.sourcesOfArticles),
    campaignsOfArticle: ofArticle(analytics.campaignsOfArticles),
    campaign: known(campaigns.byIds),
    job: one(campaigns.jobsByIds),
    // The articles that a campaign shows are nearly always those of its first job.
    jobsOfCampaign: family(campaigns.jobsOfCampaigns, campaignOf, (all) =>
      articlesOfJob.expect([...all].flatMap(([first]) => first?.id ?? [])),
    ),
    articlesOfJob,
    copyrightOfJob: many(campaigns.copyrightOfJobs, jobOf),
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
