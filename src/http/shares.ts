import { Nobody } from '../access/api-key.ts';
import type { Caller } from '../access/keyring.ts';

/** Who shares with whom: those of one key, and where the gateway has none, those of one address. */
export const holderOf = ({ name, address }: Caller): string =>
  name === Nobody.LOCAL ? `from ${address}` : name;

/** Counts what each caller has open. */
export function createShares(most: number) {
  const open = new Map<string, number>();
  return {
    /** One more for a caller, and the way to give it back; null where it has as many as it may. */
    take(caller: string): (() => void) | null {
      const count = open.get(caller) ?? 0;
      if (count >= most) return null;
      open.set(caller, count + 1);
      let given = true;
      return () => {
        if (!given) return;
        given = false;
        const left = (open.get(caller) ?? 1) - 1;
        if (left > 0) open.set(caller, left);
        else open.delete(caller);
      };
    },
  };
}
export type Shares = ReturnType<typeof createShares>;
