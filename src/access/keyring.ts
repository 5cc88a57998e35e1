import { timingSafeEqual } from 'node:crypto';
import { type ApiKey, digestOf, Nobody } from './api-key.ts';
import { Scope, withLesser } from './scope.ts';

/** Who asks for something. */
export interface Caller {
  /** Of the key; `local` where the gateway has none. */
  name: string;
  scopes: ReadonlySet<Scope>;
  /** Where the connection comes from. Null where it is gone already. */
  address: string | null;
  /** The key was removed or changed since. */
  isRevoked(): boolean;
  /** Calls back once, when that happens. The answer stops it. */
  onRevoked(listener: () => void): () => void;
}

export const mayDo = (caller: Caller, scope: Scope): boolean =>
  caller.scopes.has(scope) && !caller.isRevoked();

/** Names of keys, by what a reload has done to them. */
export interface KeyChanges {
  added: string[];
  changed: string[];
  removed: string[];
}

interface Held {
  key: ApiKey;
  digest: Buffer;
  revoked: boolean;
  listeners: Set<() => void>;
  /** What all who bring the key have in common: thousands may stay. */
  common: Omit<Caller, 'address'>;
}

function hold(key: ApiKey): Held {
  const listeners = new Set<() => void>();
  const held: Held = {
    key,
    digest: Buffer.from(key.digest, 'hex'),
    revoked: false,
    listeners,
    common: {
      name: key.name,
      scopes: withLesser(key.scopes),
      isRevoked: () => held.revoked,
      onRevoked: (listener) => listenIn(listeners, listener),
    },
  };
  return held;
}

/** Each under an identity of its own, as the same function may be given twice. */
function listenIn(listeners: Set<() => void>, listener: () => void): () => void {
  const own = () => listener();
  listeners.add(own);
  return () => void listeners.delete(own);
}

const isSame = (a: ApiKey, b: ApiKey): boolean =>
  a.digest === b.digest && a.scopes.toSorted().join() === b.scopes.toSorted().join();

/** The keys that count at present. @param keys null: the gateway has none and is open to whoever reaches it */
export function createKeyring(keys: readonly ApiKey[] | null) {
  let ring = keys?.map(hold) ?? null;
  const watchers: (() => void)[] = [];

  /** Null where the secret belongs to no key. Every key is compared, so that the time tells nothing of which came close. */
  function identify(secret: string | null, address: string | null): Caller | null {
    if (!ring) return { ...local, address };
    if (secret === null) return null;
    const digest = Buffer.from(digestOf(secret), 'hex');
    const [held] = ring.filter((each) => timingSafeEqual(each.digest, digest));
    return held ? { ...held.common, address } : null;
  }

  /** From now on these count. What is open for a key that is gone or not the same any more is ended before this returns. */
  function replace(next: readonly ApiKey[]): KeyChanges {
    const before = new Map(ring?.map((held) => [held.key.name, held]));
    const after = new Map(next.map((key) => [key.name, key]));
    const kept = (key: ApiKey): Held | null => {
      const held = before.get(key.name);
      return held && isSame(held.key, key) ? held : null;
    };
    ring = next.map((key) => kept(key) ?? hold(key));
    const current = new Set(ring);
    for (const held of before.values()) if (!current.has(held)) revoke(held);
    for (const look of watchers) look();
    return {
      added: next.filter(({ name }) => !before.has(name)).map(({ name }) => name),
      changed: next.filter((key) => before.has(key.name) && !kept(key)).map(({ name }) => name),
      removed: [...before.keys()].filter((name) => !after.has(name)),
    };
  }

  return {
    identify,
    replace,
    /** Calls back whenever keys may have been revoked, for whoever knows many callers: asking each is less than telling each. */
    onReplaced: (look: () => void): void => void watchers.push(look),
  };
}
export type Keyring = ReturnType<typeof createKeyring>;

function revoke(held: Held): void {
  held.revoked = true;
  const listeners = [...held.listeners];
  held.listeners.clear();
  for (const listener of listeners) listener();
}

const local: Omit<Caller, 'address'> = {
  name: Nobody.LOCAL,
  scopes: withLesser([Scope.ADMIN]),
  isRevoked: () => false,
  onRevoked: () => () => {},
};
