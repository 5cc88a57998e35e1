import { hash } from 'node:crypto';
import type { Scope } from './scope.ts';

/** A key as it is kept: its secret is known by whoever uses it, and nowhere here. */
export interface ApiKey {
  name: string;
  /** SHA-256 of the secret, in hex. No salt and no slow hash: secrets are long and drawn by chance, so there is nothing to guess. */
  digest: string;
  scopes: readonly Scope[];
}

/** Who asks where there are no keys, and who holds the process itself: no key may have their names. */
export const Nobody = { LOCAL: 'local', OPERATOR: 'operator' } as const;

export const digestOf = (secret: string): string => hash('sha256', secret);
