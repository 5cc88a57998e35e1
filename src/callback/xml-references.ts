const PREDEFINED: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * Decodes the five predefined entities and numeric character references, each once. A reference to a character that
 * XML does not have (U+0000, a surrogate, above U+10FFFF) stays as it is written.
 */
export const decodeReferences = (text: string): string =>
  text.replace(
    /&(?:(lt|gt|amp|quot|apos)|#(\d{1,10})|#x([0-9a-f]{1,8}));/gi,
    (written, name?: string, decimal?: string, hexadecimal?: string) => {
      if (name !== undefined) return PREDEFINED[name] ?? written;
      const codePoint = decimal !== undefined ? Number(decimal) : Number.parseInt(hexadecimal!, 16);
      return isCharacter(codePoint) ? String.fromCodePoint(codePoint) : written;
    },
  );

const isCharacter = (codePoint: number): boolean =>
  codePoint > 0 && codePoint <= 0x10ffff && !(codePoint >= 0xd800 && codePoint <= 0xdfff);
