/** Cut where they stand, whatever their value: WeChat carries the token in the query, and errors of HTTP clients quote addresses. */
const SHAPES: readonly [RegExp, string][] = [
  [/((?:access_token|secret|appsecret)=)[^&\s"'\\]+/gi, '$1[redacted]'],
  [/(\\*"(?:access_token|secret|appsecret)\\*"\s*:\s*\\*")[^"\\]+/gi, '$1[redacted]'],
  [/(\b(?:Bearer|Basic)\s+)[^\s"'\\]+/gi, '$1[redacted]'],
  [/(\/\/[^/:@\s"'\\]*:)[^@\s"'\\]+(?=@)/g, '$1[redacted]'],
];

/** Shorter ones would cut half of what is said and protect nothing. */
const SHORTEST = 6;

/** As many access tokens are remembered; each lives for two hours. */
const MOST_LEARNT = 1_000;

/** Cuts secrets out of everything that is written, in every form in which text is written. */
export function createCensor(known: readonly string[]) {
  const secrets = new Set<string>();
  const learnt: string[] = [];
  const formsOf = (secret: string) => {
    const encoded = encodeURIComponent(secret);
    const inQuery = new URLSearchParams({ '': secret }).toString().slice(1);
    return [secret, JSON.stringify(secret).slice(1, -1), encoded, inQuery];
  };
  const keep = (secret: string) => {
    if (secret.length >= SHORTEST) for (const form of formsOf(secret)) secrets.add(form);
  };
  for (const secret of known) keep(secret);

  return {
    /** From now on this one, too. */
    learn(secret: string): void {
      if (learnt.includes(secret)) return;
      learnt.push(secret);
      keep(secret);
      const oldest = learnt.length > MOST_LEARNT ? learnt.shift() : undefined;
      if (oldest !== undefined) for (const form of formsOf(oldest)) secrets.delete(form);
    },
    cut(text: string): string {
      let cut = text;
      for (const secret of secrets) cut = cut.replaceAll(secret, '[redacted]');
      for (const [shape, replacement] of SHAPES) cut = cut.replace(shape, replacement);
      return cut;
    },
  };
}
export type Censor = ReturnType<typeof createCensor>;
