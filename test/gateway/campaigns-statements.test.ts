import { expect, it } from 'vitest';
import { run } from '../../src/db/database.ts';
import { syncHasLooked } from '../kit/analytics.ts';
import { seedCampaigns, withDatabase } from '../kit/seed.ts';
import { until } from '../kit/until.ts';
import { createWorld, type World } from '../kit/world.ts';

const NESTED = `
  id status msgId msgDataId
  account { id appId name }
  counts { total eligible sent failed }
  failure { reason }
  stats { readers }
  articles {
    index title url copyright { articleIndex auditState }
    dailyStats { readers totals { readers } sources { source } }
  }
  copyrightCheck { state results { articleIndex auditState } }
  jobs { id index status msgId counts { sent } failure { code } copyrightCheck { state results { articleIndex } } }`;

const LIST = `query ($first: Int) { campaigns(first: $first) { nodes { ${NESTED} } edges { node { ${NESTED} } } pageInfo { endCursor } } }`;

/** A world whose loops have looked for work, as they do once when the gateway starts, and have found nothing of what is seeded later. */
async function createIdleWorld(): Promise<World> {
  const world = await createWorld();
  await syncHasLooked(world);
  // The last questions of those that then wait for no time.
  for (const column of ['send_before', 'next_poll_at']) {
    const question = new RegExp(`min\\("[^)]*${column}"\\)`);
    await until(() => world.sql.some((statement) => question.test(statement)));
  }
  return world;
}

async function statementsOf(world: World, run: () => Promise<unknown>): Promise<string[]> {
  const before = world.sql.length;
  await run();
  return world.sql.slice(before);
}

/** A day's figures for both articles of every seeded campaign. */
const seedFigures = (world: World, campaigns: number) =>
  withDatabase(world, ({ atomically, tables: t }) =>
    atomically(function* (tx) {
      for (let article = 0; article < campaigns * 2; article++) {
        const articleMsgid = `${8_000_000_001 + Math.floor(article / 2)}_${(article % 2) + 1}`;
        const key = { appId: world.appId, articleMsgid, day: '2026-05-31', fetchedAt: world.clock.now() };
        yield* run(tx.insert(t.articleDaily).values({ ...key, readUsers: 3 }));
        yield* run(tx.insert(t.articleDailySources).values({ ...key, source: 'SEARCH' }));
      }
    }),
  );

it.each([1, 20, 100])('reads %i campaigns with all that belongs to them in six statements', async (count) => {
  await using world = await createIdleWorld();
  await seedCampaigns(world, Array(count).fill({ articles: 2, copyrightState: 'NOT_REPRINT' }));
  await seedFigures(world, count);
  let read: any;
  const statements = await statementsOf(world, async () => {
    read = await world.query<any>(LIST, { first: Math.max(count, 20) });
  });
  expect(read.campaigns.nodes).toHaveLength(count);
  for (const node of read.campaigns.nodes) {
    expect(node.articles).toHaveLength(2);
    expect(node.articles[0]).toMatchObject({
      title: 'Article 1',
      copyright: { auditState: 1 },
      dailyStats: [{ readers: 3, totals: { readers: null }, sources: [{ source: 'SEARCH' }] }],
    });
    expect(node.stats).toEqual({ readers: 6 });
    expect(node.copyrightCheck.results).toHaveLength(2);
    expect(node.jobs).toMatchObject([{ counts: { sent: 8 }, copyrightCheck: { state: 'NOT_REPRINT' } }]);
  }
  expect(statements.map((sql) => /from "(\w+)"/.exec(sql)?.[1]).sort()).toEqual([
    'article_daily',
    'article_daily_sources',
    'campaigns',
    'copyright_results',
    'job_articles',
    'jobs',
  ]);
});

it('looks behind a cursor only where that is asked for', async () => {
  await using world = await createIdleWorld();
  const ids = await seedCampaigns(world, Array(5).fill({}));
  const page = (fields: string) =>
    `query ($after: String) { campaigns(first: 2, after: $after) { nodes { id } pageInfo { ${fields} } } }`;
  const first = await world.query<any>(page('endCursor'));
  const after = first.campaigns.pageInfo.endCursor;
  expect(ids).toHaveLength(5);
  const count = async (fields: string) =>
    (await statementsOf(world, () => world.query(page(fields), { after }))).length;
  expect(await count('endCursor')).toBe(1);
  expect(await count('hasNextPage')).toBe(1);
  expect(await count('hasNextPage hasPreviousPage')).toBe(2);
});

it('reads several nodes of a kind in one statement', async () => {
  await using world = await createIdleWorld();
  const ids = await seedCampaigns(world, Array(5).fill({}));
  const fields = ids.flatMap((id, index) => [
    `c${index}: node(id: "${id}") { id }`,
    `d${index}: campaign(id: "${id}") { id jobs { id } }`,
    `j${index}: node(id: "${id.replace('cmp', 'job')}") { id ... on SendJob { clientMsgId } }`,
  ]);
  const statements = await statementsOf(world, () => world.query(`{ ${fields.join(' ')} }`));
  expect(statements.map((sql) => /from "(\w+)"/.exec(sql)?.[1]).sort()).toEqual([
    'campaigns',
    'jobs',
    'jobs',
  ]);
});

it('reads the figures of a hundred articles, and who sent them, in four statements', async () => {
  await using world = await createIdleWorld();
  await seedCampaigns(world, Array(50).fill({ articles: 2 }));
  await seedFigures(world, 50);
  const ids = Array.from(
    { length: 100 },
    (_, article) => `${8_000_000_001 + Math.floor(article / 2)}_${(article % 2) + 1}`,
  );
  const statements = await statementsOf(world, async () => {
    const { articleStats } = await world.query<any>(
      'query ($ids: [ID!]!) { articleStats(analyticsMsgIds: $ids) { title totals { readers } campaign { id } dailyStats { sources { source } } } }',
      { ids },
    );
    expect(articleStats[99]).toEqual({
      title: null,
      totals: { readers: 3 },
      campaign: { id: 'cmp_000049' },
      dailyStats: [{ sources: [{ source: 'SEARCH' }] }],
    });
  });
  expect(statements.map((sql) => /from "(\w+)"/.exec(sql)?.[1]).sort()).toEqual([
    'article_daily',
    'article_daily_sources',
    'campaigns',
    'job_articles',
  ]);
});
