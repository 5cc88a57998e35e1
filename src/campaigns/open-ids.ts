import { checkText, isBlank } from './input-issue.ts';

/** WeChat leaves out what is none without a word, as where a line of a table stands for the OpenID in it. */
export const isOpenId = (text: string): boolean => /^[\w-]{1,128}$/.test(text);

export const OPEN_ID_RULE = 'those are letters, digits, - and _';

/** What is wrong with a text that is to be an OpenID. Null also where it is no text at all, which `checkText` tells. */
export function openIdFault(text: string): string | null {
  if (isBlank(text)) return 'must not be blank';
  return isOpenId(text) || checkText(text).length > 0 ? null : `is no OpenID: ${OPEN_ID_RULE}`;
}

/** Tells whether an OpenID was there before. Keeps 53 bits of each, which is little, and so can only suspect. */
export function createRepeatSuspicion() {
  let table = new Float64Array(1 << 16);
  let count = 0;

  /** Where the mark is, or the free place it would go to. 0 marks a free place. */
  function place(mark: number, marks: Float64Array): number {
    let at = mark % marks.length;
    while (marks[at] !== 0 && marks[at] !== mark) at = (at + 1) % marks.length;
    return at;
  }

  function grow(): void {
    const larger = new Float64Array(table.length * 2);
    for (const mark of table) if (mark !== 0) larger[place(mark, larger)] = mark;
    table = larger;
  }

  return {
    /** True where this OpenID, or by a rare chance another, was suspected before. */
    isSuspect(openId: string): boolean {
      const mark = markOf(openId);
      const at = place(mark, table);
      if (table[at] === mark) return true;
      table[at] = mark;
      if (++count * 2 > table.length) grow();
      return false;
    },
  };
}

/** 53 bits from two 32-bit FNV-1a walks; never 0. */
function markOf(text: string): number {
  let low = 0x811c9dc5;
  let high = 0x9747b28c;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x85ebca6b) ^ (high >>> 13);
  }
  return ((high >>> 0) & 0x1fffff) * 2 ** 32 + (low >>> 0) + 1;
}

/** In characters: far more than an OpenID has. */
const LONGEST_LINE = 1_000;

/** A line goes on and on: it is a file of another kind. */
export class LongLineError extends Error {
  override name = 'LongLineError' as const;
}

/**
 * The lines of a text that comes in pieces. A last line without an end counts, an empty one after the last end does not. Throws
 * `LongLineError`, and `TypeError` for what is no UTF-8.
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r?\n/);
    rest = lines.pop() ?? '';
    yield lines;
    if (rest.length > LONGEST_LINE) throw new LongLineError('a line is too long');
  }
  rest += decoder.decode();
  if (rest !== '') yield [rest];
}
