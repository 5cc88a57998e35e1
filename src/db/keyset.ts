import { type Column, type SQL, sql } from 'drizzle-orm';

/**
 * `(a, b) < (x, y)`, the rows on one side of a position in the order of two columns. The row value and nothing else: written out with OR
 * it takes a thousand times as long deep in a large table.
 */
export const compare = (
  [a, b]: readonly [Column, Column],
  operator: '<' | '<=' | '>' | '>=',
  [x, y]: readonly [unknown, unknown],
): SQL => sql`(${a}, ${b}) ${sql.raw(operator)} (${sql.param(x, a)}, ${sql.param(y, b)})`;
