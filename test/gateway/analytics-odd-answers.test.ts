import { expect, it } from 'vitest';
import { REPORTS, rowsOf, syncAnalytics } from '../kit/analytics.ts';
import { createWorld } from '../kit/world.ts';

const DAY = '2026-05-31';

it.each<[string, object]>([
  ['a title with characters that no database keeps', { title: 'a\0b\ud800c' }],
  ['an id with one', { msgid: '1_1\0' }],
  ['a figure larger than any audience', { int_page_read_user: 9_007_199_254_740_991 }],
  ['a title that is long', { title: '长'.repeat(200_000) }],
])('takes an answer with %s', async (_, odd) => {
  await using world = await createWorld();
  const item = { ref_date: DAY, user_source: 99999999, msgid: '1_1', title: 'A', int_page_read_user: 1 };
  world.sandbox.script(REPORTS.ARTICLE_SUMMARY, {
    body: JSON.stringify({
      list: [
        { ...item, ...odd },
        { ...item, msgid: '2_2', int_page_read_user: 2 },
      ],
    }),
  });
  const answer = await syncAnalytics(world, DAY, DAY);
  expect(answer).toMatchObject({ __typename: 'SyncAnalyticsSuccess', failures: [] });
  expect(await rowsOf(world, 'article_daily')).toContainEqual(
    expect.objectContaining({ article_msgid: '2_2' }),
  );
});

it('keeps the word for a place of readers that is told as a word, and takes none for all of them', async () => {
  await using world = await createWorld();
  const item = { ref_date: DAY, msgid: '1_1', title: 'A', int_page_read_user: 1 };
  world.sandbox.script(REPORTS.ARTICLE_SUMMARY, {
    body: JSON.stringify({
      list: [
        { ...item, user_source: null, int_page_read_user: 7 },
        { ...item, user_source: '朋友圈' },
        { ...item, user_source: '视频号' },
      ],
    }),
  });
  await syncAnalytics(world, DAY, DAY);
  const rows = await rowsOf(world, 'article_daily_sources', 'source');
  expect(rows.map(({ source }) => source).toSorted()).toEqual(['MOMENTS', '视频号']);
  const [whole] = await rowsOf(world, 'article_daily');
  expect(Number(whole.read_users)).toBe(7);
});

it.each([
  [undefined, null],
  [null, null],
  ['', null],
  ['0', true],
  [1, false],
])('takes publish_type %j for what it tells', async (publish_type, notified) => {
  await using world = await createWorld();
  const item = { ref_date: DAY, msgid: '1_1', publish_type, detail_list: [{ stat_date: DAY, read_user: 1 }] };
  world.sandbox.script(REPORTS.ARTICLE_TOTAL_DETAIL, { body: JSON.stringify({ list: [item] }) });
  await syncAnalytics(world, DAY, DAY);
  const [row] = await rowsOf(world, 'article_daily');
  expect(row.notified === null ? null : Boolean(row.notified)).toBe(notified);
});
