import { expect, it } from 'vitest';
import { run } from '../../src/db/database.ts';
import { originals } from '../../src/sandbox/originals.ts';
import { finishedXml } from '../callback/kit.ts';
import { sendThrough, textToTag, uploadMedia, uploadNews } from '../kit/actions.ts';
import { REPORTS, rowsOf, syncAnalytics } from '../kit/analytics.ts';
import { documentedBlocks } from '../kit/documented.ts';
import { firstEvents } from '../kit/event-reading.ts';
import { seedCampaigns, withDatabase } from '../kit/seed.ts';
import { runSql } from '../kit/sql.ts';
import { createWorld, type World } from '../kit/world.ts';
import { files } from '../sandbox/files.ts';

/** The first questions of the manual; the others are on readers. */
const OF_SENDS = 6;

const DAY = 24 * 3_600_000;
const reprint = originals.find(({ reprintAllowed }) => reprintAllowed)!;

async function sendReprint(world: World): Promise<any> {
  const { mediaId: thumbMediaId } = await uploadMedia(world, 'THUMB', files.jpg());
  const articles = ['own', reprint.sentence].map((content) => ({ title: 'Article', thumbMediaId, content }));
  const { mediaId } = await uploadNews(world, articles);
  const message = { mpnews: { mediaId } };
  const audience = { tagId: 102 };
  return sendThrough(world, { idempotencyKey: 'news', audience, message, sendIgnoreReprint: true });
}

it('answers the questions on sends from what was sent', async () => {
  await using world = await createWorld();
  const { id } = await sendReprint(world);
  await world.sandbox.push(world.appId, finishedXml({ msgId: '4000000001' }));
  await firstEvents(world, 6);
  // Two weeks on, at the same hour, in the same month.
  await world.clock.advance(14 * DAY);
  world.sandbox.scriptPush({ status: 'err(20004)' });
  const failed = await sendThrough(world, textToTag('failed', { label: 'refused' }));

  const questions = documentedBlocks('sql');
  expect(questions).toHaveLength(10);
  const answers = [];
  for (const question of questions.slice(0, OF_SENDS)) {
    const rows = await runSql(world.config.databaseUrl, question);
    // Postgres gives sums as text; dates are compared where the views are.
    answers.push(rows.map((row) => Object.values(row).map((cell) => numberIn(cell))));
  }
  const [hours, campaigns, reprints, failures, weeks, elsewhere] = answers;
  expect(hours).toEqual([[10, 2, 20, 100]]);
  expect(campaigns).toEqual([
    [failed.id, 'refused', expect.anything(), 0, 0, 0, null, null],
    [id, null, expect.anything(), 20, 20, 20, 100, 0],
  ]);
  expect(reprints).toEqual([['2026-06', 2, 1, 50]]);
  expect(failures).toEqual([['2026-06', 20004, expect.stringContaining('涉嫌社会'), 1]]);
  expect(weeks).toEqual([
    ['2026-W23', 1, 20],
    ['2026-W24', 0, null],
    ['2026-W25', 1, 0],
  ]);
  expect(elsewhere).toEqual([[world.appId, expect.anything(), 1, 75]]);
});

const numberIn = (cell: unknown): unknown =>
  typeof cell === 'string' && /^\d+(?:\.\d+)?$/.test(cell) ? Number(cell) : cell;

it('answers the questions on readers from what WeChat tells of articles', async () => {
  await using world = await createWorld();
  const { id } = await sendReprint(world);
  await world.clock.advance(2 * DAY);
  await syncAnalytics(world, '2026-06-01', '2026-06-02');
  const ask = async (question: string | undefined) =>
    (await runSql(world.config.databaseUrl, question ?? '')).map((row) => Object.values(row).map(numberIn));
  const [positions, perMessage, weekdays, followers] = await Promise.all(
    documentedBlocks('sql').slice(OF_SENDS).map(ask),
  );
  const daily = await rowsOf(world, 'bi_article_daily', 'article_index, date_cn');
  const last = daily.filter((row) => String(row.sent_date_cn).length > 0 && row.total_read_users !== null);
  const readers = last
    .filter((row) => row === last.findLast((other) => other.article_msgid === row.article_msgid))
    .reduce((sum, row) => sum + Number(row.total_read_users), 0);
  expect(positions).toMatchObject([
    [1, 1, expect.any(Number)],
    [2, 1, expect.any(Number)],
  ]);
  expect(perMessage).toEqual([[id, null, 20, readers, Math.round((100 * readers) / 20) / 100]]);
  expect(weekdays?.map(([weekday]) => weekday)).toEqual([1, 2]);
  expect(followers?.map((row) => row.length)).toEqual([5, 5]);
});

it('answers last with what has no figure to be ordered by, whatever the database', async () => {
  await using world = await createWorld();
  const ids = await seedCampaigns(world, [{ articles: 1 }, { articles: 1 }, { articles: 1 }]);
  const list = ids.map((_, index) => ({
    ...{ ref_date: '2026-05-31', msgid: `${8_000_000_001 + index}_1` },
    detail_list: [{ stat_date: '2026-05-31', read_user: 4 + index }],
  }));
  world.sandbox.script(REPORTS.ARTICLE_TOTAL_DETAIL, { body: JSON.stringify({ list }) });
  await syncAnalytics(world, '2026-05-31', '2026-05-31');
  await runSql(world.config.databaseUrl, `update campaigns set sent_count = null where id = '${ids[1]}'`);
  const rows = await runSql(world.config.databaseUrl, documentedBlocks('sql')[7]!);
  expect(rows.map(({ campaign_id }) => campaign_id)).toEqual([ids[2], ids[0], ids[1]]);
});

it('answers each question of a year of sends before anybody gives up waiting', async () => {
  await using world = await createWorld();
  const ids = await seedCampaigns(world, Array(1_000).fill({ articles: 1 }));
  const days = Array.from({ length: 20 }, (_, day) => `2026-05-${day + 10}`);
  await withDatabase(world, ({ atomically, tables: t }) =>
    atomically(function* (tx) {
      for (const day of days) {
        const rows = ids.map((_, index) => ({
          ...{ appId: world.appId, articleMsgid: `${8_000_000_001 + index}_1`, day },
          ...{
            fetchedAt: world.clock.now(),
            readUsers: 1,
            totalReadUsers: 5,
            finishRate: 0.5,
            totalSubscribeUsers: 1,
          },
        }));
        yield* run(tx.insert(t.articleDaily).values(rows));
      }
    }),
  );
  // As Postgres does on its own, some time after so many rows.
  await runSql(world.config.databaseUrl, 'analyze');
  const began = performance.now();
  for (const question of documentedBlocks('sql')) await runSql(world.config.databaseUrl, question);
  // In real milliseconds. One that goes through all days of all articles for every campaign takes most of a minute, and all of these less
  // than half a second.
  expect(performance.now() - began).toBeLessThan(20_000);
});
