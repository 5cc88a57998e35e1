// mercurius as its manual recommends for speed: JIT, loaders, prepared statements. The schema is the gateway's own.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import Fastify from 'fastify';
import { mercurius, type PubSub } from 'mercurius';
import {
  type ArticleRow,
  type CampaignRow,
  cursorOf,
  isoOf,
  positionAt,
  type ReadVariables,
} from '../kit/read-query.ts';
import { ready } from '../kit/serve.ts';

const file = new Sqlite(process.argv[2] ?? '', { fileMustExist: true });
const select = file.prepare<[string, string, number], CampaignRow>(
  'select id, status, created_at from campaigns where (created_at, id) < (?, ?) order by created_at desc, id desc limit ? + 0',
);
const jobs = file.prepare<[string], { campaign_id: string; msg_id: string }>(
  'select campaign_id, msg_id from jobs where campaign_id in (select value from json_each(?)) order by "index"',
);
const articles = file.prepare<[string], ArticleRow>(`
  select j.campaign_id, a."index", a.title, a.article_msgid
  from jobs j join job_articles a on a.job_id = j.id
  where j.campaign_id in (select value from json_each(?)) order by a."index"`);

interface Query {
  obj: CampaignRow;
}
const idsOf = (queries: Query[]): string => JSON.stringify(queries.map(({ obj }) => obj.id));

const app = Fastify();
app.register(mercurius, {
  schema: readFileSync(join(import.meta.dirname, '../../schema.graphql'), 'utf8'),
  jit: 1,
  subscription: true,
  resolvers: {
    Subscription: {
      events: {
        subscribe: (_root: unknown, _args: unknown, { pubsub }: { pubsub: PubSub }) =>
          pubsub.subscribe('events'),
      },
    },
    Event: { resolveType: ({ __typename }: { __typename: string }) => __typename },
    Query: {
      campaigns: (_: unknown, { first, after }: ReadVariables) => {
        const found = select.all(...positionAt(after), first + 1);
        const nodes = found.slice(0, first);
        const last = nodes.at(-1);
        return {
          nodes,
          pageInfo: { hasNextPage: found.length > first, endCursor: last ? cursorOf(last) : null },
        };
      },
    },
    Campaign: { createdAt: ({ created_at }: CampaignRow) => isoOf(created_at) },
    CampaignArticle: { analyticsMsgId: ({ article_msgid }: ArticleRow) => article_msgid },
  },
  loaders: {
    Campaign: {
      async msgId(queries: Query[]) {
        const byId = new Map(jobs.all(idsOf(queries)).map((job) => [job.campaign_id, job.msg_id]));
        return queries.map(({ obj }) => byId.get(obj.id) ?? null);
      },
      async articles(queries: Query[]) {
        const byId = Map.groupBy(articles.all(idsOf(queries)), ({ campaign_id }) => campaign_id);
        return queries.map(({ obj }) => byId.get(obj.id) ?? []);
      },
    },
  },
});
app.post('/publish', async (request) => {
  const { data } = request.body as { data: { events: object } };
  app.graphql.pubsub.publish({ topic: 'events', payload: data });
  return '';
});
ready(await app.listen({ host: '127.0.0.1', port: 0 }));
