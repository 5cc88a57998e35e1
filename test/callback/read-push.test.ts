import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PushRefusedError } from '../../src/callback/push-refused-error.ts';
import { readPush } from '../../src/callback/read-push.ts';
import { UnreadablePushError } from '../../src/callback/unreadable-push-error.ts';
import { refusalOf } from './kit.ts';

/** Records have no prototype; this gives them one so that they can be compared. */
const read = (text: string) => JSON.parse(JSON.stringify(readPush(text)));

/** Any text at all: markup, white space, control characters, lone surrogates. */
const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      '<',
      '>',
      '&',
      ']]>',
      '<![CDATA[',
      '<!DOCTYPE',
      '&amp;',
      '&#65;',
      '"',
      "'",
      ' ',
      '\n',
      '\t',
      '\r',
    ),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
});

/** XML reads every line end as U+000A, and U+0000 cannot be stored. */
const asRead = (text: string) => text.replace(/\r\n?/g, '\n').replaceAll('\0', '\uFFFD');

const inCdata = (text: string) => `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
const escaped = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;')
    .replaceAll('\r', '&#13;');

describe('reading XML', () => {
  it('reads any text out of CDATA', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(read(`<xml><Content>${inCdata(text)}</Content></xml>`)).toEqual({ Content: asRead(text) });
      }),
    );
  });

  it('reads any escaped text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(read(`<xml><Content>${escaped(text)}</Content></xml>`)).toEqual({
          Content: text.replaceAll('\0', '\uFFFD'),
        });
      }),
    );
  });

  it('reads any text as numeric character references', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.boolean(), (text, hexadecimal) => {
        const references = Array.from(text, (character) => {
          const codePoint = character.codePointAt(0)!;
          return hexadecimal ? `&#x${codePoint.toString(16)};` : `&#${codePoint};`;
        }).join('');
        expect(read(`<xml><Content>${references}</Content></xml>`)).toEqual({ Content: text });
      }),
    );
  });

  it('decodes a reference once and knows no names but the five of XML', () => {
    const content = '&amp;lt; &nbsp; &copy; &LT; &#0; &#xD800; &#x110000; &#128512;';
    expect(read(`<xml><Content>${content}</Content></xml>`)).toEqual({
      Content: '&lt; &nbsp; &copy; &LT; &#0; &#xD800; &#x110000; 😀',
    });
  });

  it('leaves references in CDATA alone', () => {
    expect(read('<xml><Content><![CDATA[&amp; &#65;]]></Content></xml>')).toEqual({ Content: '&amp; &#65;' });
  });

  it('keeps every leaf as text, to the letter', () => {
    expect(
      read('<xml><A>90261533849829378</A><B>0010</B><C> true </C><D>1e3</D><E/><F></F><G>\n</G></xml>'),
    ).toEqual({ A: '90261533849829378', B: '0010', C: ' true ', D: '1e3', E: '', F: '', G: '\n' });
  });

  it('reads records in records, and a field that comes several times as an array', () => {
    expect(
      read('<xml>\n <A>\n  <b>1</b>\n  <b><c>2</c></b>\n  <b>3</b>\n </A>\n <!-- aside -->\n</xml>'),
    ).toEqual({ A: { b: ['1', { c: '2' }, '3'] } });
  });

  it.each(['\uFEFF', ' \r\n\t', '\uFEFF\n', '<?xml version="1.0" encoding="utf-8"?>\n'])(
    'passes over %j at the beginning',
    (start) => {
      expect(read(`${start}<xml><A>1</A></xml>\n`)).toEqual({ A: '1' });
    },
  );

  it.each([
    '<!DOCTYPE xml><xml><A>1</A></xml>',
    '<!doctype xml><xml><A>1</A></xml>',
    '<!DOCTYPE xml [<!ENTITY e "v">]><xml><A>&e;</A></xml>',
    '<!DOCTYPE xml SYSTEM "file:///etc/passwd"><xml><A>1</A></xml>',
    '<xml><!ENTITY e "v"><A>&e;</A></xml>',
    '<!-- <![CDATA[ --><!DOCTYPE xml [<!ENTITY e "v">]><xml><A>&e;</A><!-- ]]> --></xml>',
    '<xml><A>1</A></xml><!DOCTYPE xml>',
    '<!-- <!DOCTYPE xml> --><xml><A>1</A></xml>',
    '<xml><A b="<![CDATA["><!DOCTYPE xml [<!ENTITY e "v">]></A></xml><!-- ]]> -->',
    '<xml><A b="><![CDATA["><!DOCTYPE xml [<!ENTITY e "v">]>]]></A></xml>',
    '<?xml version="1.0?><![CDATA["?><!DOCTYPE xml [<!ENTITY e "v">]><xml><A>&e;</A></xml><!-- ]]> -->',
    '<?php <![CDATA[ ?><!DOCTYPE xml><xml><A>]]></A></xml>',
    '<xml><A><![cdata[<!DOCTYPE xml>]]></A></xml>',
    '<xml><A><![CDATA[a]]> <!DOCTYPE xml>]]></A></xml>',
    '<xml><A><![CDATA[<!DOCTYPE xml>',
    '<xml><A>< ![CDATA[<!ENTITY e "v">]]></A></xml>',
    '<!\n\t DOCTYPE xml><xml><A>1</A></xml>',
  ])('refuses the DOCTYPE or ENTITY in %s', (text) => {
    expect(refusalOf(() => readPush(text))).toEqual({ status: 400, message: 'the push holds a DOCTYPE' });
  });

  it.each(['', '<?xml version="1.0" encoding=\'utf-8\' ?>\n', '\uFEFF'])(
    'takes a DOCTYPE that a user has written into a message behind %j',
    (start) => {
      const words = '<!DOCTYPE html><!-- "a" --><b c="d">]]]]><![CDATA[><!ENTITY e "v">';
      expect(read(`${start}<xml>\n<Content><![CDATA[${words}]]></Content><A/></xml>`)).toEqual({
        Content: '<!DOCTYPE html><!-- "a" --><b c="d">]]><!ENTITY e "v">',
        A: '',
      });
    },
  );

  it('takes a DOCTYPE that a user has written into a message', () => {
    expect(read('<xml><Content><![CDATA[<!DOCTYPE html><!ENTITY a>]]></Content></xml>')).toEqual({
      Content: '<!DOCTYPE html><!ENTITY a>',
    });
  });

  it.each(['__proto__', 'constructor', 'prototype'])('is not moved by a tag called %s', (tag) => {
    expect(() => readPush(`<xml><${tag}><polluted>1</polluted></${tag}></xml>`)).toThrow(UnreadablePushError);
    expect({}).not.toHaveProperty('polluted');
  });

  it.each(['toString', 'hasOwnProperty', 'valueOf'])('is not moved by a tag called %s', (tag) => {
    expect(String(Object.values(readPush(`<xml><${tag}>1</${tag}></xml>`)))).toBe('1');
    expect(typeof {}[tag as 'toString']).toBe('function');
  });

  it.each([
    ['nothing', ''],
    ['words', 'hello'],
    ['an array', '[]'],
    ['an open element', '<xml><A>1</A>'],
    ['elements that cross', '<xml><A><B></A></B></xml>'],
    ['two roots', '<xml><A>1</A></xml><xml><B>1</B></xml>'],
    ['a bare ampersand', '<xml><A>a & b</A></xml>'],
    ['open CDATA', '<xml><A><![CDATA[a</A></xml>'],
    ['the misprinted CDATA of the documentation', '<xml><A>< ![CDATA[a] ]></A></xml>'],
    ['a root without fields', '<xml></xml>'],
    ['a root of text', '<xml>hello</xml>'],
    ['an element below a hundred others', `<xml>${'<a>'.repeat(100)}1${'</a>'.repeat(100)}</xml>`],
    ['a comment and nothing else', '<!-- <xml><A>1</A></xml> -->'],
  ])('cannot read %s', (_, text) => {
    expect(() => readPush(text)).toThrow(UnreadablePushError);
  });
});

describe('reading JSON', () => {
  it('keeps every leaf as text, and every digit of a number', () => {
    expect(
      read(
        '\uFEFF {"MsgID": 90261533849829378, "Big": 18446744073709551615, "Zero": 0, "Text": "a\\u0000\\/b", "Yes": true, "None": null, "List": [{"Id": 3147483648}, null, 1.50]}',
      ),
    ).toEqual({
      MsgID: '90261533849829378',
      Big: '18446744073709551615',
      Zero: '0',
      Text: 'a\uFFFD/b',
      Yes: 'true',
      List: [{ Id: '3147483648' }, '1.50'],
    });
  });

  it('keeps every digit of any id', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (id) => {
        expect(readPush(`{"MsgID":${id}}`).MsgID).toBe(String(id));
      }),
    );
  });

  it('is not moved by fields called __proto__ or constructor', () => {
    const record = readPush(
      '{"__proto__": {"polluted": "1"}, "constructor": {"prototype": {"polluted": "1"}}}',
    );
    expect(Object.getPrototypeOf(record)).toBeNull();
    expect(record.polluted).toBeUndefined();
    expect({}).not.toHaveProperty('polluted');
  });

  it.each([
    ['half an object', '{"MsgID": 1'],
    ['a trailing comma', '{"MsgID": 1,}'],
    ['an object below a hundred others', `${'{"a":'.repeat(100)}1${'}'.repeat(100)}`],
    ['an object below a hundred thousand others', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
  ])('cannot read %s', (_, text) => {
    expect(() => readPush(text)).toThrow(UnreadablePushError);
  });
});

describe('reading garbage', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '<xml>',
      '</xml>',
      '<a>',
      '</a>',
      '<a/>',
      '<',
      '>',
      '&',
      ';',
      '<![CDATA[',
      ']]>',
      '<!--',
      '-->',
      '<?',
      '?>',
      '<!DOCTYPE',
      '<!',
      '[',
      ']',
      '"',
      "'",
      '=',
      '{',
      '}',
      ':',
      ',',
      '{"a":',
      '\\u',
      '__proto__',
      '<__proto__>',
      ' ',
    ),
    fc.string({ unit: 'binary', maxLength: 4 }),
  );

  it('never ends in anything but a record, a refusal, or that it cannot be read', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.constantFrom('', '<xml>', '{'), (pieces, start) => {
        try {
          expect(readPush(start + pieces.join(''))).toBeTypeOf('object');
        } catch (error) {
          expect([PushRefusedError, UnreadablePushError]).toContain((error as Error).constructor);
        }
      }),
      { numRuns: 3_000 },
    );
  });
});

it('reads JSON whose strings hold control characters as people have written them', () => {
  const push = read('{"MsgType":"text","Content":"one\u0001line\nand\tanother"}');
  expect(push.Content).toContain('line\nand\tanother');
});
