export type Audience =
  | { kind: 'all' }
  | { kind: 'tag'; tagId: number }
  | { kind: 'openIds'; openIds: readonly string[] };

/**
 * The people of an account: `oSandbox_00001`, `oSandbox_00002` and so on. What a number ends in says who it is:
 *
 * | number ends in | who that is                                    | shows in                          |
 * |----------------|------------------------------------------------|-----------------------------------|
 * | `50`           | unsubscribed, no follower any more             | nothing: not even `TotalCount`    |
 * | `00`           | a follower who refuses the account's messages  | `TotalCount`, not `FilterCount`   |
 * | `999`          | a follower to whom every delivery fails        | `ErrorCount`                      |
 * | anything else  | a follower                                     | `SentCount`                       |
 *
 * An OpenID beyond the last number is unknown. WeChat names are not listed: every name that begins with `wx_` exists.
 */
export interface Population {
  tags(): { id: number; name: string; count: number }[];
  hasTag(id: number): boolean;
  /** A follower, someone who was one, or a stranger. */
  standing(openId: string): 'follower' | 'unsubscribed' | 'unknown';
  knowsName(name: string): boolean;
  /** Hands one message to the audience, each follower at most `limit` a month (`null`: any number). */
  deliver(audience: Audience, limit: number | null, month: string): DeliveryCounts;
}

/** `total` = followers addressed, `eligible` = those left after filtering, which are `sent` and `failed`. */
export interface DeliveryCounts {
  total: number;
  eligible: number;
  sent: number;
  failed: number;
}

const tags = [
  { id: 2, name: '星标组', has: (number: number) => number % 10 === 1 },
  { id: 100, name: '北京', has: (number: number) => number % 2 === 0 },
  { id: 101, name: '上海', has: (number: number) => number % 3 === 0 },
  { id: 102, name: '内部测试', has: (number: number) => number <= 20 },
];

/** The OpenID of the person with this number, from 1. */
export const openIdOf = (number: number): string => `oSandbox_${String(number).padStart(5, '0')}`;

export function createPopulation(size: number): Population {
  const numberOf = (openId: string): number | undefined => {
    const number = Number(/^oSandbox_(\d{5,})$/.exec(openId)?.[1]);
    return number >= 1 && number <= size && openIdOf(number) === openId ? number : undefined;
  };
  const isFollower = (number: number) => number % 100 !== 50;
  const followers = Array.from({ length: size }, (_, index) => index + 1).filter(isFollower);
  const received = new Map<number, number>();
  let receivedIn = '';

  function addressed(audience: Audience): number[] {
    if (audience.kind === 'all') return followers;
    if (audience.kind === 'tag') {
      const tag = tags.find(({ id }) => id === audience.tagId);
      return tag ? followers.filter(tag.has) : [];
    }
    const numbers = audience.openIds.map(numberOf).filter((number) => number !== undefined);
    return [...new Set(numbers)].filter(isFollower);
  }

  return {
    tags: () => tags.map(({ id, name, has }) => ({ id, name, count: followers.filter(has).length })),
    hasTag: (id) => tags.some((tag) => tag.id === id),
    standing(openId) {
      const number = numberOf(openId);
      if (number === undefined) return 'unknown';
      return isFollower(number) ? 'follower' : 'unsubscribed';
    },
    knowsName: (name) => name.startsWith('wx_'),
    deliver(audience, limit, month) {
      if (month !== receivedIn) received.clear();
      receivedIn = month;
      const total = addressed(audience);
      const eligible = total.filter(
        (number) => number % 100 !== 0 && (limit === null || (received.get(number) ?? 0) < limit),
      );
      const sent = eligible.filter((number) => number % 1000 !== 999);
      for (const number of sent) received.set(number, (received.get(number) ?? 0) + 1);
      return {
        total: total.length,
        eligible: eligible.length,
        sent: sent.length,
        failed: eligible.length - sent.length,
      };
    },
  };
}
