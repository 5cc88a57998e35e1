import { describe, expect, it } from 'vitest';
import { type AccountProfile, documentedLimits } from '../../src/campaigns/account.ts';
import { type Audience, checkAudience } from '../../src/campaigns/audience.ts';

const account = (type: 'SERVICE' | 'SUBSCRIPTION'): AccountProfile => ({
  appId: 'wx1',
  name: 'wx1',
  type,
  limits: documentedLimits[type],
});

const paths = (audience: Audience, type: 'SERVICE' | 'SUBSCRIPTION' = 'SERVICE') =>
  checkAudience(audience, account(type)).map(({ path }) => path.join('.'));

const openIds = (count: number) => Array.from({ length: count }, (_, index) => `o${index}`);
const list = (...openIds: string[]): Audience => ({ kind: 'OPEN_IDS', openIds });

it('sends to everybody only where that is confirmed', () => {
  expect(paths({ kind: 'ALL', confirm: true })).toEqual([]);
  expect(paths({ kind: 'ALL', confirm: false })).toEqual(['audience.all.confirm']);
});

it.each([
  [0, []],
  [2, []],
  [-1, ['audience.tagId']],
])('the tag %i', (tagId, expected) => {
  expect(paths({ kind: 'TAG', tagId })).toEqual(expected);
});

describe('OpenIDs', () => {
  it.each([
    [0, ['audience.openIds']],
    [1, ['audience.openIds']],
    [2, []],
    [10_000, []],
  ])('%i of them', (count, expected) => {
    expect(paths(list(...openIds(count)))).toEqual(expected);
  });

  it('are not for subscription accounts', () => {
    expect(paths(list('a', 'b'), 'SUBSCRIPTION')).toEqual(['audience.openIds']);
  });

  it('are refused one by one where they are blank, are none or repeat', () => {
    expect(paths(list('a', '', 'b', 'a', ' ', 'c,Li', 'a'))).toEqual(
      [1, 3, 4, 5, 6].map((index) => `audience.openIds.${index}`),
    );
  });

  it('are complained about a hundred times at most', () => {
    const issues = checkAudience(list(...Array<string>(5_000).fill('same')), account('SERVICE'));
    expect(issues).toHaveLength(101);
    expect(issues.at(-1)).toEqual({
      path: ['audience', 'openIds'],
      message: 'has 4899 more that are wrong',
    });
  });

  it('differ by the case of their letters', () => {
    expect(paths(list('oAbc', 'oabc'))).toEqual([]);
  });
});
