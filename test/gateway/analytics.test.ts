import { expect, it, vi } from 'vitest';
import {
  askedFor,
  HOUR,
  REPORTS,
  rowsOf,
  runs,
  sendNews,
  syncAnalytics,
  syncHasLooked,
  UNTIL_MORNING,
} from '../kit/analytics.ts';
import { seedCampaigns } from '../kit/seed.ts';
import { runSql } from '../kit/sql.ts';
import { createWorld, type World } from '../kit/world.ts';

const DAY = 24 * HOUR;
const MINUTE = 60_000;

/** In real milliseconds, for what takes a hundred calls and more: each is two commits, which may wait for a slow disk. */
const MANY_CALLS_MS = 120_000;

/** Waits until the run is over whose line of the log is the one with this number. */
const untilRun = (world: World, count: number) =>
  vi.waitFor(() => expect(runs(world)).toHaveLength(count), MANY_CALLS_MS);

/** Lets time pass up to the moment at which the sync looks again. */
async function advance(world: World, milliseconds: number): Promise<void> {
  await world.clock.waitForTimer(milliseconds);
  await world.clock.advance(milliseconds);
}

/** From shortly after the send, which took its seconds, to ten past eight of the next day. */
const toMorning = (world: World): number => Date.parse('2026-06-02T00:10:00Z') - world.clock.now().getTime();

it('fetches every report of the day before after eight in Beijing, and none before', async () => {
  await using world = await createWorld();
  await sendNews(world);
  await world.clock.advance(toMorning(world) - 1);
  expect(askedFor(world)).toEqual([]);
  await world.clock.advance(1);
  await untilRun(world, 1);
  expect(askedFor(world)).toEqual(
    Object.values(REPORTS).map((path) => `${path.replace('/datacube/', '')} 2026-06-01`),
  );
  expect(runs(world)).toMatchObject([
    {
      level: 'info',
      context: { appId: world.appId, from: '2026-06-01', to: '2026-06-01', days: 1, calls: 6 },
    },
  ]);
  await world.clock.advance(HOUR);
  expect(askedFor(world)).toHaveLength(6);
});

it('asks nothing for an account that never sent anything', async () => {
  await using world = await createWorld();
  await world.clock.advance(3 * DAY);
  expect(askedFor(world)).toEqual([]);
});

it('asks again for what grows, and for the rest once', async () => {
  await using world = await createWorld();
  await sendNews(world);
  for (let day = 1; day <= 9; day++) {
    await advance(world, day === 1 ? toMorning(world) : DAY);
    await untilRun(world, day);
  }
  const count = (asked: string) => askedFor(world).filter((each) => each === asked).length;
  expect(count('getarticlesummary 2026-06-01')).toBe(1);
  expect(count('getarticleread 2026-06-01')).toBe(1);
  expect(count('getarticletotal 2026-06-01')).toBe(7);
  expect(count('getarticletotaldetail 2026-06-01')).toBe(9);
  const days = (await rowsOf(world, 'article_daily')).filter(({ article_msgid }) =>
    article_msgid.endsWith('_1'),
  );
  expect(days).toHaveLength(9);
  const reads = days.map(({ total_read_users }) => Number(total_read_users));
  expect(reads).toEqual(reads.toSorted((one, other) => one - other));
  expect(Number(days[0].read_users)).toBeGreaterThan(Number(days[3].read_users));
});

it('catches up on days that were missed, from the first campaign on and at most thirty', async () => {
  await using world = await createWorld();
  await syncHasLooked(world);
  await seedCampaigns(world, [{ createdAt: new Date('2026-05-28T18:00:00Z') }]);
  await world.restart();
  await untilRun(world, 1);
  const days = new Set(askedFor(world).map((asked) => asked.split(' ')[1]));
  expect([...days]).toEqual(['2026-05-29', '2026-05-30', '2026-05-31']);
  expect(askedFor(world)).toHaveLength(18);
  // What is seeded while it still looks, it would begin with before it is restarted.
  await syncHasLooked(world);
  await seedCampaigns(world, [
    { id: 'cmp_old', msgId: '1', msgDataId: '1', createdAt: new Date('2026-01-01T00:00:00Z') },
  ]);
  await world.restart();
  await untilRun(world, 2);
  const all = new Set(askedFor(world).map((asked) => asked.split(' ')[1]));
  expect([...all].toSorted()[0]).toBe('2026-05-02');
  expect(all.size).toBe(30);
});

it('pauses for the day where the quota is used up, and goes on after midnight', async () => {
  await using world = await createWorld();
  await sendNews(world);
  world.sandbox.script(REPORTS.ARTICLE_TOTAL, { errcode: 45009 });
  await world.clock.advance(toMorning(world));
  await untilRun(world, 1);
  expect(askedFor(world)).toEqual(['getarticlesummary 2026-06-01', 'getarticletotal 2026-06-01']);
  expect(runs(world)[0]).toMatchObject({ level: 'warn', context: { failures: 1 } });
  await world.restart();
  await world.clock.waitForTimer(16 * HOUR - 10 * MINUTE);
  expect(askedFor(world)).toHaveLength(2);
  await world.clock.advance(16 * HOUR - 10 * MINUTE);
  await untilRun(world, 2);
  expect(askedFor(world).slice(2)).toEqual([
    'getarticletotal 2026-06-01',
    'getarticleread 2026-06-01',
    'getarticleshare 2026-06-01',
    'getbizsummary 2026-06-01',
    'getarticletotaldetail 2026-06-01',
  ]);
});

it('tries again what failed, later and later, and gives up until the next morning', async () => {
  await using world = await createWorld();
  await sendNews(world);
  world.sandbox.script(REPORTS.ARTICLE_SHARE, ...Array(5).fill({ errcode: -1 }));
  await world.clock.advance(toMorning(world));
  await untilRun(world, 1);
  for (const [index, minutes] of [5, 10, 20, 40].entries()) {
    await advance(world, minutes * MINUTE);
    await untilRun(world, index + 2);
  }
  expect(askedFor(world).slice(6)).toEqual(Array(4).fill('getarticleshare 2026-06-01'));
  await world.clock.advance(12 * HOUR);
  expect(askedFor(world)).toHaveLength(10);
  await advance(world, Date.parse('2026-06-03T00:10:00Z') - world.clock.now().getTime());
  await untilRun(world, 6);
  expect(askedFor(world).slice(10)).toContain('getarticleshare 2026-06-01');
});

it('stops asking where three calls in a row fail, and begins again after five minutes', async () => {
  await using world = await createWorld();
  await sendNews(world);
  for (const path of Object.values(REPORTS)) world.sandbox.script(path, { drop: 'before' });
  await world.clock.advance(toMorning(world));
  await untilRun(world, 1);
  expect(askedFor(world)).toHaveLength(3);
  await advance(world, 5 * MINUTE);
  await untilRun(world, 2);
  expect(askedFor(world).slice(3).length).toBeGreaterThan(3);
});

it.each([48001, 48004, 40066])(
  'leaves a report that is refused with %i alone for the day',
  async (errcode) => {
    await using world = await createWorld();
    await syncHasLooked(world);
    await seedCampaigns(world, [{ createdAt: new Date('2026-05-29T18:00:00Z') }]);
    world.sandbox.script(REPORTS.ARTICLE_READ, { errcode });
    await world.restart();
    await untilRun(world, 1);
    expect(askedFor(world).filter((asked) => asked.startsWith('getarticleread'))).toEqual([
      'getarticleread 2026-05-30',
    ]);
    expect(runs(world)[0]).toMatchObject({ level: 'info', context: { days: 2, failures: 1 } });
    await advance(world, UNTIL_MORNING);
    await untilRun(world, 2);
    expect(askedFor(world)).toContain('getarticleread 2026-05-31');
  },
);

it('changes nothing by fetching again, and takes newer figures', async () => {
  await using world = await createWorld();
  await sendNews(world);
  await world.clock.advance(toMorning(world));
  await untilRun(world, 1);
  await advance(world, DAY);
  await untilRun(world, 2);
  const tables = ['article_daily', 'article_daily_sources'];
  const figures = async () => {
    const all = await Promise.all(
      tables.map((table) =>
        rowsOf(world, table, table === 'article_daily' ? undefined : 'article_msgid, day, source'),
      ),
    );
    return all.map((rows) => rows.map(({ fetched_at: _, ...row }) => row));
  };
  const before = await figures();
  expect(before[0]!.length).toBeGreaterThan(0);
  const first = await syncAnalytics(world, '2026-06-01', '2026-06-02');
  expect(await figures()).toEqual(before);
  expect(await syncAnalytics(world, '2026-06-01', '2026-06-02')).toEqual(first);
  world.sandbox.script(REPORTS.ARTICLE_READ, {
    body: JSON.stringify({
      list: [{ ref_date: '2026-06-01', msgid: before[0]![0].article_msgid, detail: { read_user: 987_654 } }],
    }),
  });
  await syncAnalytics(world, '2026-06-01', '2026-06-01');
  expect(Number((await figures())[0]![0].read_users)).toBe(987_654);
});

it('goes on where the database was restored from a backup: it sends nothing', async () => {
  await using world = await createWorld();
  await syncHasLooked(world);
  await seedCampaigns(world, [{ createdAt: new Date('2026-05-30T18:00:00Z') }]);
  await runSql(world.config.databaseUrl, 'update instance set held_since = started_at');
  await world.restart();
  await untilRun(world, 1);
  expect(askedFor(world)).toHaveLength(6);
});
