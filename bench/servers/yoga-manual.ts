// Yoga, Pothos, drizzle and DataLoader put together as the manual of each shows.
import { createServer } from 'node:http';
import SchemaBuilder from '@pothos/core';
import Sqlite from 'better-sqlite3';
import DataLoader from 'dataloader';
import { asc, desc, inArray, type SQL, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { createYoga } from 'graphql-yoga';
import { campaigns, jobArticles, jobs } from '../../src/db/sqlite-tables.ts';
import { positionAt } from '../kit/read-query.ts';
import { serve } from '../kit/serve.ts';

type Campaign = typeof campaigns.$inferSelect;
type Job = typeof jobs.$inferSelect;
type Article = typeof jobArticles.$inferSelect;

const db = drizzle(new Sqlite(process.argv[2] ?? '', { fileMustExist: true }), { casing: 'snake_case' });

function createLoaders() {
  return {
    jobOfCampaign: new DataLoader<string, Job | null>(async (ids) => {
      const found = await db
        .select()
        .from(jobs)
        .where(inArray(jobs.campaignId, [...ids]));
      const byId = new Map(found.map((job) => [job.campaignId, job]));
      return ids.map((id) => byId.get(id) ?? null);
    }),
    articlesOfJob: new DataLoader<string, Article[]>(async (ids) => {
      const found = await db
        .select()
        .from(jobArticles)
        .where(inArray(jobArticles.jobId, [...ids]))
        .orderBy(asc(jobArticles.index));
      const byJob = Map.groupBy(found, ({ jobId }) => jobId);
      return ids.map((id) => byJob.get(id) ?? []);
    }),
  };
}
type Loaders = ReturnType<typeof createLoaders>;

const builder = new SchemaBuilder<{
  Context: { loaders: Loaders };
  Scalars: { DateTime: { Input: Date; Output: Date } };
}>({});
builder.scalarType('DateTime', {
  serialize: (date) => (date as Date).toISOString(),
  parseValue: (text) => new Date(String(text)),
});

const ArticleRef = builder.objectRef<Article>('CampaignArticle').implement({
  fields: (t) => ({
    index: t.exposeInt('index'),
    title: t.exposeString('title', { nullable: true }),
    url: t.exposeString('url', { nullable: true }),
    analyticsMsgId: t.exposeID('articleMsgid', { nullable: true }),
  }),
});
const CampaignRef = builder.objectRef<Campaign>('Campaign').implement({
  fields: (t) => ({
    id: t.exposeID('id'),
    label: t.exposeString('label', { nullable: true }),
    status: t.exposeString('status'),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    msgId: t.id({
      nullable: true,
      resolve: async ({ id }, _, { loaders }) => (await loaders.jobOfCampaign.load(id))?.msgId,
    }),
    articles: t.field({
      type: [ArticleRef],
      resolve: async ({ id }, _, { loaders }) => {
        const job = await loaders.jobOfCampaign.load(id);
        return job ? loaders.articlesOfJob.load(job.id) : [];
      },
    }),
  }),
});
function olderThan(after: string): SQL {
  const [createdAt, id] = positionAt(after);
  return sql`(${campaigns.createdAt}, ${campaigns.id}) < (${createdAt}, ${id})`;
}
interface Page {
  nodes: Campaign[];
  hasNextPage: boolean;
}
const PageInfo = builder.objectRef<Page>('PageInfo').implement({
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage'),
    endCursor: t.string({
      nullable: true,
      resolve: ({ nodes }) => {
        const last = nodes.at(-1);
        if (!last) return null;
        return Buffer.from(JSON.stringify([last.createdAt.getTime(), last.id])).toString('base64url');
      },
    }),
  }),
});
const Connection = builder.objectRef<Page>('CampaignConnection').implement({
  fields: (t) => ({
    nodes: t.field({ type: [CampaignRef], resolve: ({ nodes }) => nodes }),
    pageInfo: t.field({ type: PageInfo, resolve: (page) => page }),
  }),
});
builder.queryType({
  fields: (t) => ({
    campaigns: t.field({
      type: Connection,
      args: { first: t.arg.int({ required: true }), after: t.arg.string() },
      resolve: async (_, { first, after }) => {
        const found = await db
          .select()
          .from(campaigns)
          .where(after == null ? undefined : olderThan(after))
          .orderBy(desc(campaigns.createdAt), desc(campaigns.id))
          .limit(first + 1);
        return { nodes: found.slice(0, first), hasNextPage: found.length > first };
      },
    }),
  }),
});

const yoga = createYoga({
  schema: builder.toSchema(),
  context: () => ({ loaders: createLoaders() }),
  graphiql: false,
  logging: false,
});
await serve(createServer(yoga));
