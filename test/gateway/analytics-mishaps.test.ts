import { expect, it, vi } from 'vitest';
import { askedFor, REPORTS, rowsOf, runs, sendNews } from '../kit/analytics.ts';
import { takeTableAway } from '../kit/sql.ts';
import { createWorld, type World } from '../kit/world.ts';

const MINUTE = 60_000;
const FETCHED = '2026-06-01';

async function advance(world: World, milliseconds: number): Promise<void> {
  await world.clock.waitForTimer(milliseconds);
  await world.clock.advance(milliseconds);
}

/** From shortly after the send to ten past eight of the next day. */
const toMorning = (world: World) =>
  advance(world, Date.parse('2026-06-02T00:10:00Z') - world.clock.now().getTime());

it('lets the newer report have the last word where the older one comes late', async () => {
  await using world = await createWorld();
  await sendNews(world);
  const [{ article_msgid: msgid }] = await rowsOf(world, 'job_articles', 'article_msgid');
  const list = (figures: object) => ({
    body: JSON.stringify({ list: [{ ref_date: FETCHED, msgid, ...figures }] }),
  });
  const old = { user_source: 99999999, int_page_read_user: 100, int_page_read_count: 130 };
  const read = list({ detail: { read_user: 90 } });
  world.sandbox.script(REPORTS.ARTICLE_SUMMARY, { errcode: -1 }, list(old));
  world.sandbox.script(REPORTS.ARTICLE_READ, read, read);
  await toMorning(world);
  await vi.waitFor(() => expect(runs(world)).toHaveLength(1), 20_000);
  await advance(world, 5 * MINUTE);
  await vi.waitFor(() => expect(runs(world)).toHaveLength(3), 20_000);
  expect(askedFor(world).slice(6)).toEqual(
    ['getarticlesummary', 'getarticleread', 'getarticleshare'].map((report) => `${report} ${FETCHED}`),
  );
  const [{ read_users, read_count }] = await rowsOf(world, 'article_daily');
  expect([read_users, read_count].map(Number)).toEqual([90, 130]);
});

it('does not use up the calls of the day where what WeChat answers cannot be kept', async () => {
  await using world = await createWorld();
  await sendNews(world);
  await using missing = await takeTableAway(world.config.databaseUrl, 'article_daily_sources');
  await toMorning(world);
  await vi.waitFor(() => expect(askedFor(world)).toHaveLength(1), 20_000);
  await advance(world, 5 * MINUTE);
  await vi.waitFor(() => expect(askedFor(world)).toHaveLength(2), 20_000);
  // What was asked for is not kept yet, and could be.
  await world.clock.waitForTimer(5 * MINUTE);
  await missing.putBack();
  await advance(world, 5 * MINUTE);
  await vi.waitFor(() => expect(runs(world)).toHaveLength(1), 20_000);
  expect(askedFor(world)).toEqual([
    ...Array(3).fill(`getarticlesummary ${FETCHED}`),
    ...Object.values(REPORTS)
      .slice(1)
      .map((path) => `${path.replace('/datacube/', '')} ${FETCHED}`),
  ]);
});
