/** How many letters at most separate a name that was meant from what was typed. */
const MOST_SLIPS = 2;

/** Shorter ones are close to what is in every environment: HOST to HOME. */
const SHORTEST = 6;

/** How many letters have to be put in, left out or changed to make one of the other. */
function slipsBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [at, letter] of [...one].entries()) {
    const next = [at + 1];
    for (const [index, meant] of [...other].entries())
      next.push(Math.min(next[index]! + 1, row[index + 1]! + 1, row[index]! + (letter === meant ? 0 : 1)));
    row = next;
  }
  return row.at(-1)!;
}

/** Whether it reads like a slip in one of the names. */
export const isCloseTo = (name: string, names: readonly string[]): boolean =>
  name.length >= SHORTEST &&
  names.some(
    (known) =>
      known.length >= SHORTEST &&
      Math.abs(known.length - name.length) <= MOST_SLIPS &&
      slipsBetween(name, known) <= MOST_SLIPS,
  );
