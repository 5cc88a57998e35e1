import { originals } from '../../src/sandbox/originals.ts';
import { files } from '../sandbox/files.ts';
import { send, sendThrough, textToTag, uploadMedia, uploadNews } from './actions.ts';
import type { World } from './world.ts';

const DAY_MS = 24 * 3_600_000;
const reprint = originals.find(({ reprintAllowed }) => reprintAllowed)!;

export const HOSTILE_LABEL = '<script>alert(1)</script>';

/** News with a reprint, a text that WeChat refuses two days later, and one without a result yet. */
export async function sendForReport(world: World): Promise<void> {
  const { mediaId: thumbMediaId } = await uploadMedia(world, 'THUMB', files.jpg());
  const articles = ['own', reprint.sentence].map((content) => ({ title: 'Article', thumbMediaId, content }));
  const { mediaId } = await uploadNews(world, articles);
  await sendThrough(world, {
    ...{ idempotencyKey: 'news', label: HOSTILE_LABEL, audience: { tagId: 102 } },
    ...{ message: { mpnews: { mediaId } }, sendIgnoreReprint: true },
  });
  await world.clock.advance(2 * DAY_MS);
  world.sandbox.scriptPush({ status: 'err(20004)' });
  await sendThrough(world, textToTag('refused', { label: '"refused" & \'quoted\'' }));
  await send(world, textToTag('waiting', { scheduledAt: new Date(world.clock.now().getTime() + DAY_MS) }));
}
