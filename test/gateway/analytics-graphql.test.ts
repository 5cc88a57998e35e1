import { expect, it } from 'vitest';
import { run } from '../../src/db/database.ts';
import {
  askedFor,
  HOUR,
  REPORTS,
  rowsOf,
  SYNC,
  sendNews,
  syncAnalytics,
  syncHasLooked,
} from '../kit/analytics.ts';
import { oneWorld } from '../kit/one-world.ts';
import { seedCampaigns, withDatabase } from '../kit/seed.ts';
import { createWorld } from '../kit/world.ts';

const OTHER = {
  appId: 'wx2222222222222222',
  appSecret: 'a secret of the second account',
  type: 'subscription' as const,
};

const STATS = `query ($id: ID!) { campaign(id: $id) {
  stats { articles asOf readers reads sharers shares favouriters favourites originalReaders originalReads }
  articles { index dailyStats { day readers totals { readers targetUsers likers finishRate averageSeconds } sources { source readers } } }
} }`;

it('fetches a span when it is asked to, and tells what came', async () => {
  await using world = await createWorld();
  await syncHasLooked(world);
  expect(await syncAnalytics(world, '2026-05-30', '2026-05-31')).toEqual({
    __typename: 'SyncAnalyticsSuccess',
    days: 2,
    calls: 12,
    rows: 0,
    failures: [],
  });
  expect(askedFor(world)).toHaveLength(12);
});

it('asks the newer reports for nothing before they began', async () => {
  await using world = await createWorld();
  await syncAnalytics(world, '2025-10-31', '2025-11-01');
  expect(askedFor(world).filter((asked) => asked.endsWith('2025-10-31'))).toEqual([
    'getarticlesummary 2025-10-31',
    'getarticletotal 2025-10-31',
  ]);
  expect(askedFor(world)).toHaveLength(8);
});

const untouched = oneWorld();

it.each([
  ['reversed', '2026-05-31', '2026-05-30', [{ path: ['from'], message: 'must not be after to' }]],
  [
    'not over',
    '2026-06-01',
    '2026-06-01',
    [{ path: ['to'], message: 'must not be after 2026-05-31, yesterday in Beijing' }],
  ],
  [
    'longer than 31 days',
    '2026-04-30',
    '2026-05-31',
    [{ path: ['to'], message: 'is too far from from: 31 days at most, both included' }],
  ],
])('refuses a span that is %s', async (_, from, to, issues) => {
  const world = untouched();
  expect(await syncAnalytics(world, from, to)).toEqual({ __typename: 'InvalidInputError', issues });
  expect(askedFor(world)).toEqual([]);
});

it('refuses what is no day of the calendar', async () => {
  const world = untouched();
  for (const from of ['2026-02-30', '2026-2-3', '20260203', '2026-02-03T00:00:00Z', 20260203, '']) {
    const { body } = await world.post({ query: SYNC, variables: { from, to: '2026-05-31' } });
    expect(body.errors[0].extensions.code).toBe('BAD_USER_INPUT');
  }
});

it('wants to know which account where there are several', async () => {
  await using world = await createWorld({ others: [OTHER] });
  expect(await syncAnalytics(world, '2026-05-31', '2026-05-31')).toMatchObject({
    issues: [{ path: ['account'] }],
  });
  expect(await syncAnalytics(world, '2026-05-31', '2026-05-31', OTHER.appId)).toMatchObject({ days: 1 });
  const { body } = await world.post({ query: '{ articleStats(analyticsMsgIds: ["1_1"]) { title } }' });
  expect(body.errors[0].extensions.code).toBe('BAD_USER_INPUT');
  const answers = await rowsOf(world, 'analytics_answers', 'report');
  expect(new Set(answers.map(({ app_id }) => app_id))).toEqual(new Set([OTHER.appId]));
});

it('answers what came before the quota was used up', async () => {
  await using world = await createWorld();
  world.sandbox.script(REPORTS.ARTICLE_SHARE, { pass: true }, { errcode: 45009 });
  expect(await syncAnalytics(world, '2026-05-28', '2026-05-31')).toMatchObject({
    days: 1,
    calls: 10,
    failures: [{ day: '2026-05-29', report: 'ARTICLE_SHARE', message: expect.stringContaining('45009') }],
  });
});

it('answers at most a hundred articles', async () => {
  const world = untouched();
  const ids = Array.from({ length: 101 }, (_, index) => `1_${index}`);
  const query = 'query ($ids: [ID!]!) { articleStats(analyticsMsgIds: $ids) { analyticsMsgId } }';
  expect((await world.post({ query, variables: { ids } })).body.errors[0].extensions.code).toBe(
    'BAD_USER_INPUT',
  );
  const { articleStats } = await world.query<any>(query, { ids: ids.slice(1) });
  expect(articleStats).toHaveLength(100);
});

it('shows the figures of a campaign from its sending on', async () => {
  await using world = await createWorld();
  const { id } = await sendNews(world);
  expect((await world.query<any>(STATS, { id })).campaign).toEqual({
    stats: null,
    articles: [
      { index: 1, dailyStats: [] },
      { index: 2, dailyStats: [] },
    ],
  });
  await world.clock.advance(12 * HOUR);
  await world.clock.advance(12 * HOUR);
  await syncAnalytics(world, '2026-06-01', '2026-06-01');
  const { stats, articles } = (await world.query<any>(STATS, { id })).campaign;
  const [first, second] = articles.map(({ dailyStats }: any) => dailyStats[0]);
  expect(first).toMatchObject({ day: '2026-06-01', totals: { readers: first.readers } });
  expect(first.readers).toBeGreaterThan(second.readers);
  expect(first.totals.finishRate).toBeGreaterThan(0);
  expect(first.sources.map(({ source }: any) => source)).toEqual([
    'FRIENDS',
    'MOMENTS',
    'OTHER',
    'PROFILE',
    'RECOMMENDED',
    'SEARCH',
    'SESSION',
  ]);
  expect(first.sources.reduce((sum: number, { readers }: any) => sum + readers, 0)).toBe(first.readers);
  expect(stats).toMatchObject({ articles: 2, asOf: '2026-06-01', readers: first.readers + second.readers });
  expect(stats.reads).toBeGreaterThan(stats.readers);
});

it('sums what is known, over days where nothing is told since the sending, and leaves the rest null', async () => {
  await using world = await createWorld();
  await syncHasLooked(world);
  const [id] = await seedCampaigns(world, [{ articles: 3 }]);
  const whose = { appId: world.appId, fetchedAt: world.clock.now() };
  await withDatabase(world, ({ atomically, tables: t }) =>
    atomically(function* (tx) {
      yield* run(
        tx.insert(t.articleDaily).values([
          { ...whose, articleMsgid: '8000000001_1', day: '2026-05-30', readUsers: 5, totalReadUsers: 40 },
          { ...whose, articleMsgid: '8000000001_1', day: '2026-05-31', readUsers: 2, shareCount: 0 },
          { ...whose, articleMsgid: '8000000001_2', day: '2026-05-29', readUsers: 3, readCount: 4 },
          { ...whose, articleMsgid: '8000000001_2', day: '2026-05-30', readUsers: 1 },
          { ...whose, appId: 'wxother', articleMsgid: '8000000001_3', day: '2026-06-01', readUsers: 1_000 },
        ]),
      );
    }),
  );
  const backwards = `{ campaign(id: "${id}") { articles { dailyStats(from: "2026-05-31", to: "2026-05-30") { day } } } }`;
  expect((await world.post({ query: backwards })).body.errors).toMatchObject([
    { extensions: { code: 'BAD_USER_INPUT' } },
  ]);
  const days = `{ campaign(id: "${id}") { articles { dailyStats(from: "2026-05-30", to: "2026-05-30") { day readers shares } } } }`;
  expect((await world.query<any>(STATS, { id })).campaign.stats).toEqual({
    articles: 2,
    asOf: '2026-05-31',
    readers: 44,
    reads: 4,
    sharers: null,
    shares: 0,
    favouriters: null,
    favourites: null,
    originalReaders: null,
    originalReads: null,
  });
  expect((await world.query<any>(days)).campaign.articles).toEqual([
    { dailyStats: [{ day: '2026-05-30', readers: 5, shares: null }] },
    { dailyStats: [{ day: '2026-05-30', readers: 1, shares: null }] },
    { dailyStats: [] },
  ]);
});

it('names the first of several senders of an article, as the view does', async () => {
  await using world = await createWorld();
  await syncHasLooked(world);
  const sent = { msgDataId: '8000000009', articles: 1 };
  await seedCampaigns(world, [
    { ...sent, id: 'cmp_b' },
    { ...sent, id: 'cmp_a' },
  ]);
  const list = [{ ref_date: '2026-05-31', msgid: '8000000009_1', detail: { read_user: 1 } }];
  world.sandbox.script(REPORTS.ARTICLE_READ, { body: JSON.stringify({ list }) });
  await syncAnalytics(world, '2026-05-31', '2026-05-31');
  const [row] = await rowsOf(world, 'bi_article_daily', 'date_cn');
  const { articleStats } = await world.query<any>(
    '{ articleStats(analyticsMsgIds: ["8000000009_1"]) { campaign { id } } }',
  );
  expect(articleStats).toEqual([{ campaign: { id: row.campaign_id } }]);
});
