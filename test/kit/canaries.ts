/** Made up for one run, none a part of another, and nothing that could stand anywhere by chance. */
export const canaries = {
  appSecret: 'CANARYsecret/with+odd="characters"&more',
  aesKey: 'CANARYaesKeyCANARYaesKeyCANARYaesKey1234567',
  previousAesKey: 'CANARYprevKeyCANARYprevKeyCANARYprevKey7654',
  callbackToken: 'CANARYcallbacktoken',
  apiKey: 'CANARYapikeyCANARYapikeyCANARYapikey01',
  databasePassword: 'CANARYdatabase-password',
  encryptionKey: 'ca4a4ca4a4ca4a4ca4a4ca4a4ca4a4ca4a4ca4a4ca4a4ca4a4ca4a4ca4a4beef',
  otlpHeader: 'CANARYotlpheader/with%20blank',
  /** Of nobody: a key that was mistyped is nearly one. */
  wrongKey: 'CANARYwrongkeyCANARYwrongkeyCANARYwrong02',
};

const base64 = (text: string) => Buffer.from(text).toString('base64').replace(/=+$/, '');

/** The forms in which a secret could be written, the last base64 of its own bytes. */
const formsOf = (secret: string): string[] => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  encodeURIComponent(secret),
  new URLSearchParams({ '': secret }).toString().slice(1),
  base64(secret),
];

/** Where which secret stands in what came out, with what is around it. */
export function findLeaks(texts: Record<string, string>, secrets: Record<string, string>): string[] {
  return Object.entries(texts).flatMap(([where, text]) =>
    Object.entries(secrets).flatMap(([name, secret]) => {
      const at = formsOf(secret)
        .map((form) => text.indexOf(form))
        .find((index) => index >= 0);
      return at === undefined ? [] : [`${name} in ${where}: ${text.slice(Math.max(at - 80, 0), at + 20)}`];
    }),
  );
}
