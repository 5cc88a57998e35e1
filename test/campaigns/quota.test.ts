import { describe, expect, it } from 'vitest';
import { documentedLimits } from '../../src/campaigns/account.ts';
import { exhaustedRules, quotaOf, quotaRules } from '../../src/campaigns/quota.ts';

const { SERVICE, SUBSCRIPTION } = documentedLimits;

const ruleOf = (kind: string, at: string, limits = SERVICE) =>
  quotaRules(limits, new Date(at)).filter((rule) => rule.kind === kind);

const span = (kind: string, at: string, limits = SERVICE) =>
  ruleOf(kind, at, limits).map(({ from, to }) => [from.toISOString(), to.toISOString()]);

describe('a day is one of Beijing', () => {
  it.each([
    ['2026-06-01T15:59:59.999Z', '2026-05-31T16:00:00.000Z', '2026-06-01T16:00:00.000Z'],
    ['2026-06-01T16:00:00.000Z', '2026-06-01T16:00:00.000Z', '2026-06-02T16:00:00.000Z'],
    ['2026-12-31T15:59:59.999Z', '2026-12-30T16:00:00.000Z', '2026-12-31T16:00:00.000Z'],
    ['2026-12-31T16:00:00.000Z', '2026-12-31T16:00:00.000Z', '2027-01-01T16:00:00.000Z'],
    ['2028-02-28T16:00:00.000Z', '2028-02-28T16:00:00.000Z', '2028-02-29T16:00:00.000Z'],
  ])('at %s it began at %s and ends at %s', (at, from, to) => {
    expect(span('SEND_CALLS_PER_DAY', at)).toEqual([[from, to]]);
    expect(span('PREVIEWS_PER_DAY', at)).toEqual([[from, to]]);
    expect(span('SENDS_TO_ALL', at, SUBSCRIPTION)).toEqual([[from, to]]);
  });
});

describe('a month is one of Beijing', () => {
  it.each([
    ['2026-06-30T15:59:59.999Z', '2026-05-31T16:00:00.000Z', '2026-06-30T16:00:00.000Z'],
    ['2026-06-30T16:00:00.000Z', '2026-06-30T16:00:00.000Z', '2026-07-31T16:00:00.000Z'],
    ['2026-12-31T16:00:00.000Z', '2026-12-31T16:00:00.000Z', '2027-01-31T16:00:00.000Z'],
    ['2028-02-15T00:00:00.000Z', '2028-01-31T16:00:00.000Z', '2028-02-29T16:00:00.000Z'],
  ])('at %s it began at %s and ends at %s', (at, from, to) => {
    expect(span('SENDS_TO_ALL', at)).toEqual([[from, to]]);
  });
});

it('counts calls of a minute over the sixty seconds before', () => {
  const at = '2026-06-01T02:00:00.000Z';
  expect(span('SEND_CALLS_PER_MINUTE', at)).toEqual([
    ['2026-06-01T01:59:00.000Z', '2026-06-01T02:00:00.001Z'],
  ]);
});

it('knows the documented limits of both kinds of account', () => {
  const limits = (type: 'SERVICE' | 'SUBSCRIPTION') =>
    quotaRules(documentedLimits[type], new Date()).map(({ kind, limit }) => [kind, limit]);
  expect(limits('SERVICE')).toEqual([
    ['SEND_CALLS_PER_MINUTE', 60],
    ['SEND_CALLS_PER_DAY', 100],
    ['SENDS_TO_ALL', 4],
    ['PREVIEWS_PER_DAY', 100],
  ]);
  expect(limits('SUBSCRIPTION')).toEqual([
    ['SEND_CALLS_PER_MINUTE', 60],
    ['SEND_CALLS_PER_DAY', 1],
    ['SENDS_TO_ALL', 1],
    ['PREVIEWS_PER_DAY', 100],
  ]);
});

it('holds a day and a month against sends to all where both are limited', () => {
  const both = { ...SERVICE, sendsToAllPerDay: 2 };
  expect(ruleOf('SENDS_TO_ALL', '2026-06-10T00:00:00Z', both).map(({ limit }) => limit)).toEqual([2, 4]);
});

it('never leaves less than nothing', () => {
  const [rule] = ruleOf('SENDS_TO_ALL', '2026-06-10T00:00:00Z');
  expect(quotaOf(rule!, 9)).toMatchObject({ limit: 4, used: 9, remaining: 0 });
  expect(quotaOf(rule!, 1)).toMatchObject({ remaining: 3, resetAt: new Date('2026-06-30T16:00:00.000Z') });
});

it('takes the day to be used up where the month may be, as WeChat says it again tomorrow', () => {
  const both = { ...SERVICE, sendsToAllPerDay: 1 };
  const at = (time: string) =>
    exhaustedRules(both, new Date(time), 'SENDS', true).map(({ to }) => to.toISOString());
  expect(at('2026-06-10T00:00:00Z')).toEqual(['2026-06-10T16:00:00.000Z']);
  // It may have been the day before, by WeChat's clock.
  expect(at('2026-06-09T16:00:01Z')).toEqual([]);
});
