import { Nobody } from '../access/api-key.ts';
import type { Caller } from '../access/keyring.ts';

/** Who shares with whom: those of one key, and where the gateway has none, those of one address. */
const holderOf = ({ name, address }: Caller): string => (name === Nobody.LOCAL ? `from ${address}` : name);

/** Counts what each caller has open. */
export function createShares(most: number) {
  const open = new Map<string, number>();
  return {
    /** One more for a caller; false where it has as many as it may. */
    take(caller: Caller): boolean {
      const holder = holderOf(caller);
      const count = open.get(holder) ?? 0;
      if (count >= most) return false;
      open.set(holder, count + 1);
      return true;
    },
    /** One less: once for each that was taken. */
    giveBack(caller: Caller): void {
      const holder = holderOf(caller);
      const left = (open.get(holder) ?? 1) - 1;
      if (left > 0) open.set(holder, left);
      else open.delete(holder);
    },
  };
}
export type Shares = ReturnType<typeof createShares>;
