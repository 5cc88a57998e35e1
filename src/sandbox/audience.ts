import { type Fields, isFields } from './json-fields.ts';
import type { Audience, Population } from './population.ts';
import { Refusal, refuseIf } from './refusal.ts';

const OPEN_IDS = { min: 2, max: 10_000 };

/**
 * `filter` of `sendall`. Everybody is reached by `"is_to_all": true` alone; nothing falls back to it.
 * @throws Refusal 40035 (no filter), 40008 (`is_to_all` is no boolean), 40152 (no tag), 40050 (unknown tag)
 */
export function readFilter({ filter }: Fields, people: Population): Audience {
  if (!isFields(filter)) throw new Refusal(40035);
  const { is_to_all: toAll = false, tag_id: tag } = filter;
  // 40008 is what the real API answers to the string "false".
  refuseIf(typeof toAll !== 'boolean', 40008);
  if (toAll === true) return { kind: 'all' };
  refuseIf(tag === undefined || tag === null, 40152);
  // The documented samples have tag_id as a number and, for wxcard, as a string.
  refuseIf(typeof tag !== 'number' && !(typeof tag === 'string' && /^\d+$/.test(tag)), 40050);
  const tagId = Number(tag);
  refuseIf(!people.hasTag(tagId), 40050);
  return { kind: 'tag', tagId };
}

/**
 * `touser` of `send`.
 * @throws Refusal 40031 (no list), 40130 (fewer than two, or fewer than two followers), 40032 (too many), 40003 (no OpenID)
 */
export function readOpenIds({ touser }: Fields, people: Population): Audience {
  if (!Array.isArray(touser)) throw new Refusal(40031);
  refuseIf(touser.length < OPEN_IDS.min, 40130);
  refuseIf(touser.length > OPEN_IDS.max, 40032);
  const isOpenId = (openId: unknown) => typeof openId === 'string' && openId.trim() !== '';
  refuseIf(!touser.every(isOpenId), 40003);
  const openIds: string[] = touser;
  const followers = new Set(openIds.filter((openId) => people.standing(openId) === 'follower'));
  refuseIf(followers.size < OPEN_IDS.min, 40130);
  return { kind: 'openIds', openIds };
}

/**
 * Whom a preview is for: one OpenID or one WeChat name, and the name where both are given.
 * @throws Refusal 40132 (unknown name), 40003 (no or unknown OpenID; a list is none), 43004 (no follower any more)
 */
export function readPreviewRecipient({ touser, towxname }: Fields, people: Population): 'name' | 'openId' {
  if (towxname !== undefined) {
    refuseIf(typeof towxname !== 'string' || !people.knowsName(towxname), 40132);
    return 'name';
  }
  if (typeof touser !== 'string') throw new Refusal(40003);
  const standing = people.standing(touser);
  refuseIf(standing === 'unknown', 40003);
  refuseIf(standing === 'unsubscribed', 43004);
  return 'openId';
}
