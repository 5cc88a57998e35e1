import type { SandboxAccount } from '../src/sandbox/account-settings.ts';
import { auditWords } from '../src/sandbox/audits.ts';
import { originals } from '../src/sandbox/originals.ts';
import { openIdOf } from '../src/sandbox/population.ts';
import { FOLLOWERS } from './accounts.ts';
import type { Materials } from './materials.ts';
import type { Random } from './random.ts';

/** A send that somebody wants. */
export interface Wish {
  key: string;
  appId: string;
  /** A text or material id that no other wish has: by it its sends are found at WeChat, whatever their clientmsgid. */
  mark: string;
  /** `MassSendInput` */
  input: object;
  /** Of the input, by their variables. */
  files: Record<string, Blob>;
  /** It is canceled as soon as it is taken in. */
  isRegretted: boolean;
}

const TAGS = [2, 100, 101, 102];

/** Wishes without end: every kind of audience and message, also some that WeChat refuses or turns down in its audit. */
export function createCampaignMix(deps: { random: Random; materials: Materials; keys: string }) {
  const { random, materials, keys } = deps;
  let count = 0;

  const audience = ({ type, followers }: SandboxAccount): { audience: object; files: Wish['files'] } => {
    const kind = random.oneOf(
      type === 'service' ? (['all', 'tag', 'openIds', 'file'] as const) : (['all', 'tag'] as const),
    );
    switch (kind) {
      case 'all':
        return { audience: { all: { confirm: true } }, files: {} };
      case 'tag':
        return { audience: { tagId: random.oneOf(TAGS) }, files: {} };
      case 'openIds':
        return { audience: { openIds: openIds(followers) }, files: {} };
      case 'file': {
        const file = new Blob([openIds(followers).join('\n')]);
        return { audience: { openIdsFile: null }, files: { 'variables.input.audience.openIdsFile': file } };
      }
    }
  };

  /** Where there are enough followers for it, now and then so many that they are jobs of their own. */
  function openIds(followers = 0): string[] {
    const isLarge = followers >= FOLLOWERS && random.chance(0.1);
    const first = 1 + random.below(1_000);
    const length = isLarge ? 10_001 + random.below(FOLLOWERS - 12_000) : 3 + random.below(30);
    return Array.from({ length }, (_, index) => openIdOf(first + index));
  }

  /** A text of its own, which the audit may dislike. */
  const words = (key: string) =>
    random.chance(0.1) ? `${key} ${random.oneOf(Object.keys(auditWords))}` : key;

  const article = (title: string) => ({
    title,
    content: random.chance(0.3) ? random.oneOf(originals).sentence : `<p>${title}</p>`,
  });

  async function message(account: SandboxAccount, key: string): Promise<{ mark: string; message: object }> {
    const text = words(key);
    const kind = random.oneOf([
      'text',
      'image',
      'voice',
      'music',
      'images',
      'mpvideo',
      'mpnews',
      'wxcard',
    ] as const);
    switch (kind) {
      case 'text':
        return { mark: text, message: { text: { content: text } } };
      case 'images':
        return { mark: text, message: { images: { mediaIds: ['sandbox_image'], recommend: text } } };
      case 'wxcard':
        return { mark: text, message: { wxcard: { cardId: text } } };
      case 'mpvideo': {
        // One that did not go through uploadvideo is refused, today and tomorrow.
        const mediaId = random.chance(0.2) ? 'sandbox_video' : await materials.video(account, text);
        return { mark: text, message: { mpvideo: { mediaId, title: text } } };
      }
      case 'mpnews': {
        const articles = Array.from({ length: 1 + random.below(3) }, () => article(text));
        const mark = await materials.news(account, articles);
        return { mark, message: { mpnews: { mediaId: mark } } };
      }
      default: {
        const mark = await materials.file(account, kind === 'image' ? 'image' : 'voice');
        return { mark, message: { [kind]: { mediaId: mark } } };
      }
    }
  }

  /** Most leave at once and may leave whenever they can. */
  const times = () =>
    random.weighted<() => { input: object; isRegretted?: true }>([
      [8, () => ({ input: {} })],
      [1, () => ({ input: { scheduledAt: inMs(200 + random.below(2_000)) } })],
      [1, () => ({ input: { scheduledAt: inMs(200 + random.below(2_000)) }, isRegretted: true })],
      [1, () => ({ input: { sendBefore: inMs(100 + random.below(1_500)) } })],
    ])();

  return async function next(account: SandboxAccount): Promise<Wish> {
    const { appId } = account;
    const key = `${keys}-${++count}`;
    const { mark, message: what } = await message(account, key);
    const { audience: whom, files } = audience(account);
    const { input: when, isRegretted = false } = times();
    const sendIgnoreReprint = random.chance(0.5);
    const input = {
      account: appId,
      idempotencyKey: key,
      audience: whom,
      message: what,
      sendIgnoreReprint,
      ...when,
    };
    return { key, appId, mark, input, files, isRegretted };
  };
}
export type CampaignMix = ReturnType<typeof createCampaignMix>;

const inMs = (milliseconds: number): string => new Date(Date.now() + milliseconds).toISOString();

/** The mark in what came to WeChat. */
export function markOf(body: Record<string, unknown>): string {
  const part = body.images ?? body[String(body.msgtype)];
  const { content, recommend, title, card_id, media_id } = part as Record<string, unknown>;
  return String(content ?? recommend ?? title ?? card_id ?? media_id);
}
