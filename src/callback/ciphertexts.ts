/** More than WeChat ever sends; each one costs a hash. */
const MOST_CANDIDATES = 4;

const IN_XML = /<Encrypt>\s*(?:<!\[CDATA\[\s*([A-Za-z0-9+/=]+)\s*\]\]>|([A-Za-z0-9+/=]+))\s*<\/Encrypt>/g;
const IN_JSON = /"Encrypt"\s*:\s*"((?:[A-Za-z0-9+/=]|\\\/)+)"/g;

/**
 * Whatever in the body may be the ciphertext, at most four. No parser has run and nothing is verified yet: in compatible
 * mode a user's own words stand beside the ciphertext, so the signature decides which candidate is WeChat's.
 */
export const ciphertextCandidates = (body: string): string[] => {
  const pattern = body.trimStart().startsWith('{') ? IN_JSON : IN_XML;
  return body
    .matchAll(pattern)
    .take(MOST_CANDIDATES)
    .map(([, first, second]) => (first ?? second ?? '').replaceAll('\\/', '/'))
    .toArray();
};
