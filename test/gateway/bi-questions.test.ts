import { expect, it } from 'vitest';
import { originals } from '../../src/sandbox/originals.ts';
import { finishedXml } from '../callback/kit.ts';
import { sendThrough, textToTag, uploadMedia, uploadNews } from '../kit/actions.ts';
import { documentedBlocks } from '../kit/documented.ts';
import { firstEvents } from '../kit/event-reading.ts';
import { runSql } from '../kit/sql.ts';
import { createWorld, type World } from '../kit/world.ts';
import { files } from '../sandbox/files.ts';

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

it('answers every question of the manual from what was sent', async () => {
  await using world = await createWorld();
  const { id } = await sendReprint(world);
  await world.sandbox.push(world.appId, finishedXml({ msgId: '4000000001' }));
  await firstEvents(world, 6);
  // Two weeks on, at the same hour, in the same month.
  await world.clock.advance(14 * DAY);
  world.sandbox.scriptPush({ status: 'err(20004)' });
  const failed = await sendThrough(world, textToTag('failed', { label: 'refused' }));

  const questions = documentedBlocks('sql');
  expect(questions).toHaveLength(6);
  const answers = [];
  for (const question of questions) {
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
