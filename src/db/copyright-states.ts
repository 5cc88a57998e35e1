import { CopyrightState } from '../campaigns/delivery-result.ts';

/** Any order will do that the jobs of a campaign and the migration of older campaigns agree on. */
const ORDER = Object.values(CopyrightState).toSorted();

/** The states that jobs were found to be in as one value, which an index can have in front; null where none was checked. */
export function stateSet(states: readonly (CopyrightState | null)[]): string | null {
  const found = ORDER.filter((state) => states.includes(state));
  return found.length > 0 ? found.join() : null;
}

const ALL_SETS = Array.from({ length: 2 ** ORDER.length }, (_, bits) =>
  ORDER.filter((_, index) => bits & (1 << index)),
);

/** Every set that has any of these. */
export const stateSetsWith = (states: readonly CopyrightState[]): string[] =>
  ALL_SETS.filter((set) => set.some((state) => states.includes(state))).map((set) => set.join());
