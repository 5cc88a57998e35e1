import { describe, expect, it } from 'vitest';
import { errcodeMeaning, isKnownErrcode, isRetryable } from '../../src/wechat/errcodes.ts';

const classes: Record<string, number[]> = {
  UNKNOWN: [-1, 45066],
  LATER: [42010, 45011, 45085],
  ACCEPTED: [45065],
  TOKEN: [40001, 40014, 42001],
  QUOTA: [45009, 45028],
  CONFIRMATION: [89501, 89503, 89504, 89505],
  // biome-ignore format: a row of codes reads best as one
  SETTINGS: [40002, 40013, 40125, 41002, 41004, 40164, 48001, 48002, 48003, 48004, 48008, 50001, 50002, 61004],
  // biome-ignore format: a table of codes reads best in rows
  INPUT: [
    40003, 40004, 40005, 40006, 40007, 40008, 40009, 40010, 40011, 40012, 40031, 40032, 40033, 40035, 40050, 40059, 40060, 40097,
    40118, 40121, 40130, 40132, 40137, 40152, 41006, 41011, 41040, 43004, 44002, 44003, 44004, 45001, 45002, 45003, 45004, 45005,
    45006, 45007, 45008, 45021, 45052, 45064, 45067, 45083, 45084, 45086, 45159, 45166, 47001, 48013, 87014, 88000,
  ],
};

describe.each(Object.entries(classes))('errcodes of the class %s', (kind, errcodes) => {
  it.each(errcodes)('%i belongs to it and has a reason with the Chinese term', (errcode) => {
    const meaning = errcodeMeaning(errcode);
    expect(meaning.kind).toBe(kind);
    // 61004 has none: WeChat's own list gives it in English.
    if (errcode !== 61004) expect(meaning.reason).toMatch(/^[a-zA-Z].*\(.*\p{Script=Han}.*\)$/u);
    expect(isKnownErrcode(errcode)).toBe(true);
  });

  it('are worth repeating unchanged only where time alone can mend it', () => {
    const retryable = ['UNKNOWN', 'LATER', 'QUOTA', 'CONFIRMATION'].includes(kind);
    for (const errcode of errcodes) expect(isRetryable(errcode)).toBe(retryable);
  });
});

it('shows an unknown code as it came and never repeats it', () => {
  expect(errcodeMeaning(123456)).toEqual({ kind: 'INPUT', reason: expect.stringContaining('123456') });
  expect(isRetryable(123456)).toBe(false);
  expect(isKnownErrcode(123456)).toBe(false);
});
