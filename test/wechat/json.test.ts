import fc from 'fast-check';
import { expect, it } from 'vitest';
import { numericId, parseLossless } from '../../src/wechat/json.ts';
import { idOf } from '../../src/wechat/submit.ts';

const digits = fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }).map(String);

it('keeps every digit of an id, whether it is written as a number or as a string', () => {
  fc.assert(
    fc.property(digits, fc.boolean(), (id, quoted) => {
      const answer = parseLossless(`{"msg_id": ${quoted ? `"${id}"` : id}}`) as { msg_id: unknown };
      expect(idOf(answer.msg_id)).toBe(id);
    }),
  );
});

it('writes an id as a number with all its digits', () => {
  fc.assert(
    fc.property(digits, (id) => {
      expect(JSON.stringify({ msg_id: numericId(id) })).toBe(`{"msg_id":${id}}`);
    }),
  );
});

it('reads all that is JSON as JSON.parse does, but for what no database can store', () => {
  const storable = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0'));
  const value = fc.jsonValue({ stringUnit: storable, depthSize: 'small' });
  fc.assert(
    fc.property(value, (given) => {
      const text = JSON.stringify(given);
      expect(parseLossless(text)).toEqual(JSON.parse(text));
    }),
  );
});

it('reads strings that hold raw control characters', () => {
  expect(parseLossless('{"errcode":40003,"errmsg":"line 1\nline\t2 \u0001 \\"x\\n\\""}')).toEqual({
    errcode: 40003,
    errmsg: 'line 1\nline\t2 \u0001 "x\n"',
  });
});

it('replaces what Postgres cannot store', () => {
  expect(parseLossless('["a\\u0000b", "\\ud800", "a\u0000b", "\\ud83d\\ude00"]')).toEqual([
    'a\uFFFDb',
    '\uFFFD',
    'a\uFFFDb',
    '😀',
  ]);
});

it.each(['', 'ok', '<html>', '{"a":1', '{"a":"\\x"}', "{'a':1}"])('throws a SyntaxError for %j', (text) => {
  expect(() => parseLossless(text)).toThrow(SyntaxError);
});

it.each([0, '0', '', 'abc', null, undefined, -1, '1.5', {}])('takes %j for no id', (value) => {
  expect(idOf(value)).toBeNull();
});
