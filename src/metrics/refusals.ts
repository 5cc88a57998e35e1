/** Why a push was refused, in a word, by what its answer says. */
const WORDS: readonly [RegExp, string][] = [
  [/account takes no pushes/, 'disabled'],
  [/encrypted pushes/, 'mode'],
  [/no such account/, 'account'],
  [/only GET and POST/, 'method'],
  [/too large/, 'size'],
  [/used for another push/, 'replay'],
  [/signature/, 'signature'],
  [/another app/, 'app'],
  [/DOCTYPE/, 'doctype'],
  [/ciphertext|decrypted|XML|JSON|read/, 'unreadable'],
];

export const REFUSALS: readonly string[] = [...WORDS.map(([, word]) => word), 'other'];

export const refusalOf = (reason: string): string =>
  WORDS.find(([pattern]) => pattern.test(reason))?.[1] ?? 'other';
