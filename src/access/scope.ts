/** What a key allows. Each holds those before it. */
export const Scope = { READ: 'read', SEND: 'send', ADMIN: 'admin' } as const;
export type Scope = (typeof Scope)[keyof typeof Scope];

const RISING: readonly Scope[] = [Scope.READ, Scope.SEND, Scope.ADMIN];

export const isScope = (text: string): text is Scope => RISING.some((scope) => scope === text);

/** These, and whatever they hold. */
export function withLesser(scopes: readonly Scope[]): ReadonlySet<Scope> {
  const highest = Math.max(-1, ...scopes.map((scope) => RISING.indexOf(scope)));
  return new Set(RISING.slice(0, highest + 1));
}
