/** Numbers from 0 up to 1, the same ones for the same seed. */
export type Random = () => number;

/** Mulberry32. */
export const createRandom = (seed: number): Random => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

export const below = (random: Random, limit: number): number => Math.floor(random() * limit);

export const oneOf = <T>(random: Random, choices: readonly T[]): T => choices[below(random, choices.length)]!;

/** What has broken readers of XML and JSON before. */
const PIECES = [
  ...[
    '<',
    '>',
    '&',
    ';',
    '"',
    "'",
    '=',
    '/',
    '\\',
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    '\0',
    '\uFEFF',
    '\uD800',
    '\r\n',
  ],
  ...[
    '<![CDATA[',
    ']]>',
    '<!--',
    '-->',
    '<?xml version="1.0"?>',
    '<?',
    '?>',
    '</',
    '/>',
    '<!',
    '<xml>',
    '</xml>',
  ],
  ...[
    '<!DOCTYPE xml [<!ENTITY a "b">]>',
    '<!DOCTYPE',
    '<!ENTITY',
    '&a;',
    '&amp;',
    '&#0;',
    '&#x110000;',
    '&#xD800;',
  ],
  ...[
    '<Encrypt>',
    '</Encrypt>',
    '<Encrypt><![CDATA[',
    `<Encrypt>${'A'.repeat(44)}</Encrypt>`,
    '"Encrypt":"',
    '\\/',
  ],
  ...[
    '<__proto__>',
    '</__proto__>',
    '<constructor>1</constructor>',
    '<toString/>',
    '"__proto__":{"a":1},',
    '{"a":',
  ],
  ...[
    '<MsgID>1</MsgID>',
    '<Status>send success</Status>',
    '<item>',
    '</item>',
    '<ResultList>',
    '"ResultList":[[]],',
  ],
  ...[
    '90261533849829378',
    '-1',
    '1e999',
    '0x10',
    '٣',
    'null',
    'true',
    '\\u0000',
    '\\ud800',
    '￿',
    '👋',
    ' ',
    '\t',
  ],
];

const cut = (random: Random, text: string): [start: number, end: number] => {
  const start = below(random, text.length + 1);
  return [start, Math.min(text.length, start + below(random, oneOf(random, [2, 8, 64, 512])))];
};

const put = (text: string, start: number, end: number, piece: string): string =>
  text.slice(0, start) + piece + text.slice(end);

const EDITS: ((random: Random, text: string, other: string) => string)[] = [
  (random, text) => put(text, ...cut(random, text), ''),
  (random, text) => put(text, ...cut(random, text), oneOf(random, PIECES)),
  (random, text) => {
    const at = below(random, text.length + 1);
    return put(text, at, at, oneOf(random, PIECES));
  },
  (random, text) => {
    const [start, end] = cut(random, text);
    return put(text, end, end, text.slice(start, end));
  },
  (random, text) => text.slice(0, below(random, text.length + 1)),
  (random, text) => text.slice(below(random, text.length + 1)),
  // One piece of another document in the middle of this one.
  (random, text, other) => put(text, ...cut(random, text), other.slice(...cut(random, other))),
  // A field of this document once more, or in another place.
  (random, text) => {
    const elements = text.match(/<(\w+)>[^<]*(?:<!\[CDATA\[.*?\]\]>)?[^<]*<\/\1>/g) ?? [text];
    const at = text.indexOf('<', below(random, text.length));
    return put(text, Math.max(at, 0), Math.max(at, 0), oneOf(random, elements));
  },
  (random, text) => {
    const code = text.charCodeAt(below(random, text.length)) ^ (1 << below(random, 8));
    const at = below(random, text.length);
    return put(text, at, at + 1, String.fromCharCode(Number.isNaN(code) ? 0 : code));
  },
];

/** A piece again and again, as long as a body may be. */
const pile = (random: Random, text: string): string => {
  const piece = oneOf(random, PIECES);
  const times = below(random, oneOf(random, [16, 200, Math.floor(250_000 / piece.length)]));
  const at = below(random, text.length + 1);
  return put(text, at, at, piece.repeat(times));
};

/** The text with one to four changes. */
export const mutate = (random: Random, text: string, other: string): string => {
  let mutated = text;
  for (let edits = 1 + below(random, 4); edits > 0; edits--) {
    mutated = random() < 0.005 ? pile(random, mutated) : oneOf(random, EDITS)(random, mutated, other);
  }
  return mutated;
};

/** Bytes that no text encodes to. */
export const flipBytes = (random: Random, text: string): Buffer => {
  const bytes = Buffer.from(text);
  for (let flips = 1 + below(random, 8); flips > 0 && bytes.length > 0; flips--) {
    const at = below(random, bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << below(random, 8));
  }
  return bytes;
};
