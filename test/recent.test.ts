import { expect, it } from 'vitest';
import { createRecent } from '../src/recent.ts';

const keysIn = (recent: { get(key: string): number | undefined }, keys: string) =>
  [...keys].filter((key) => recent.get(key) !== undefined).join('');

it('keeps what was used last', () => {
  const recent = createRecent<number>(3);
  for (const key of 'abc') recent.set(key, 1);
  recent.get('a');
  recent.set('d', 1);
  expect(keysIn(recent, 'abcd')).toBe('acd');
});

it('keeps no more than may weigh so much in all, and nothing that does alone', () => {
  const recent = createRecent<number>(10);
  recent.set('a', 1, 4);
  recent.set('b', 1, 4);
  recent.set('c', 1, 7);
  expect(keysIn(recent, 'abc')).toBe('c');
  recent.set('d', 1, 11);
  expect(keysIn(recent, 'cd')).toBe('c');
});

it('weighs what is set again once', () => {
  const recent = createRecent<number>(10);
  for (let time = 0; time < 5; time++) recent.set('a', time, 5);
  recent.set('b', 1, 5);
  expect(keysIn(recent, 'ab')).toBe('ab');
  recent.set('b', 1, 11);
  expect(keysIn(recent, 'ab')).toBe('a');
});
