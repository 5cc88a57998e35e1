/** WeChat pads what it encrypts to 32 bytes, which is so many characters. */
const SHORTEST = 44;

const IN_XML = new RegExp(
  `<Encrypt>\\s*(?:<!\\[CDATA\\[\\s*([A-Za-z0-9+/=]{${SHORTEST},})\\s*\\]\\]>|([A-Za-z0-9+/=]{${SHORTEST},}))\\s*</Encrypt>`,
  'g',
);
/** A writer of JSON may escape the three characters of base64 that are no letters and digits. */
const IN_JSON = new RegExp(
  `"Encrypt"\\s*:\\s*"((?:[A-Za-z0-9+/=]|\\\\/|\\\\u00(?:2[bBfF]|3[dD])){${SHORTEST},})"`,
  'g',
);

/**
 * Whatever in the body may be the ciphertext. No parser has run and nothing is verified yet: in compatible mode a user's own words
 * stand beside the ciphertext, before it or after it, so the signature decides which candidate is WeChat's, and none may be left out.
 * They do not overlap and each has a least length, so the largest body holds some four thousand, and to hash them all takes
 * milliseconds.
 */
export const ciphertextCandidates = (body: string): Iterable<string> =>
  body.trimStart().startsWith('{')
    ? body.matchAll(IN_JSON).map(([, text]) => JSON.parse(`"${text}"`) as string)
    : body.matchAll(IN_XML).map(([, inCdata, bare]) => inCdata ?? bare ?? '');
