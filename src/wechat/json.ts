declare global {
  interface JSON {
    // Node 24 has the text of a number beside its value, and can write one; TypeScript's library does not know yet.
    parse(
      text: string,
      reviver: (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown,
    ): unknown;
    rawJSON(text: string): unknown;
  }
}

const INTEGER = /^-?\d+$/;

/**
 * U+0000 and halves of surrogate pairs become U+FFFD: Postgres refuses them, and one character that a user managed to send must not
 * keep the rest from being stored. Everything else is left as it came.
 */
export const storableText = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD');

/**
 * Reads an answer of WeChat's. Integers that a double would round stay the digits they were written with, and raw control
 * characters inside strings, which WeChat sends and JSON forbids, are kept. Its texts are storable. Throws `SyntaxError` where it is
 * no JSON.
 */
export function parseLossless(text: string): unknown {
  try {
    return read(text);
  } catch {
    return read(escapeControls(text));
  }
}

/** Where there is anything to mend: a number that may be rounded, or an escape that may stand for what cannot be stored. */
const NEEDS_CARE = /\d{16}|\\u/;

const read = (text: string): unknown =>
  NEEDS_CARE.test(text) || !text.isWellFormed() ? readWithCare(text) : JSON.parse(text);

const readWithCare = (text: string): unknown =>
  JSON.parse(text, (_key, value, { source }) => {
    if (typeof value === 'string') return storableText(value);
    const isRounded =
      typeof value === 'number' &&
      source !== undefined &&
      INTEGER.test(source) &&
      !Number.isSafeInteger(value);
    return isRounded ? source : value;
  });

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to be found
const CONTROLS = /[\u0000-\u001f]/g;

/** JSON again where its strings had control characters as they are. */
export const escapeControls = (text: string): string =>
  text.replace(/"(?:[^"\\]|\\.)*"/gs, (literal) =>
    literal.replace(CONTROLS, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );

/** An id as the number WeChat documents, however many digits it has. */
export const numericId = (id: string): unknown => JSON.rawJSON(id);
