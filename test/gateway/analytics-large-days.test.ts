import { expect, it } from 'vitest';
import { REPORTS, rowsOf, syncAnalytics } from '../kit/analytics.ts';
import { createWorld } from '../kit/world.ts';

const DAY = '2026-05-31';
const ARTICLES = 4_000;
const SCENES = [99999999, 0, 1, 2, 4, 5, 6, 7];

it('reads a day of an account with thousands of articles, while everybody else has their turn', async () => {
  await using world = await createWorld();
  const list = Array.from({ length: ARTICLES }, (_, article) =>
    SCENES.map((user_source) => ({
      ...{ ref_date: DAY, msgid: `${2_450_000_000 + article}_1`, title: '标题', user_source },
      ...{ int_page_read_user: article, int_page_read_count: article },
    })),
  ).flat();
  world.sandbox.script(REPORTS.ARTICLE_SUMMARY, { body: JSON.stringify({ list }) });
  const before = process.cpuUsage();
  expect(await syncAnalytics(world, DAY, DAY)).toMatchObject({ rows: list.length, failures: [] });
  const { user, system } = process.cpuUsage(before);
  expect(await rowsOf(world, 'article_daily')).toHaveLength(ARTICLES);
  // In microseconds of the processor, however long others have it. Holding every item against every other takes ten times as long.
  expect(user + system).toBeLessThan(8e6);
});
