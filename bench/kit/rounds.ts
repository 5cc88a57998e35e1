/**
 * Measures every contestant once a round, each round in another order, after a round that does not count: unless each starts anew, and
 * nothing stays warm.
 */
export async function interleaved<Name extends string>(
  rounds: number,
  contestants: Record<Name, () => Promise<number | Record<string, number>>>,
  warmsUp = true,
): Promise<Record<string, number[]>> {
  const found: Record<string, number[]> = {};
  const names = Object.keys(contestants) as Name[];
  for (let round = warmsUp ? 0 : 1; round <= rounds; round++) {
    const from = round % names.length;
    for (const name of [...names.slice(from), ...names.slice(0, from)]) {
      const measured = await contestants[name]();
      if (round === 0) continue;
      const values = typeof measured === 'number' ? { '': measured } : measured;
      for (const [what, value] of Object.entries(values)) {
        const key = what ? `${name}, ${what}` : name;
        found[key] ??= [];
        found[key].push(value);
      }
    }
  }
  return found;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((one, other) => one - other);
  const half = sorted.length / 2;
  return ((sorted[Math.floor(half)] ?? Number.NaN) + (sorted[Math.ceil(half) - 1] ?? Number.NaN)) / 2;
};
