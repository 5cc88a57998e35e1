import { getTableColumns, type SQL, sql, type Table } from 'drizzle-orm';

/** As drizzle names columns. */
const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * For `onConflictDoUpdate`: every column takes the new value where there is one and keeps the old one where there is none, but for
 * those of the key.
 */
export function knownOrKept(table: Table, key: readonly string[]): Record<string, SQL> {
  const columns = Object.entries(getTableColumns(table)).filter(([name]) => !key.includes(name));
  return Object.fromEntries(
    columns.map(([name, column]) => [
      name,
      sql`coalesce(excluded.${sql.identifier(snakeCase(name))}, ${column})`,
    ]),
  );
}

/** One row for each key, with everything that any of them knows: no statement can write the same row twice. */
export function mergeRows<Row extends object>(rows: readonly Row[], keyOf: (row: Row) => string): Row[] {
  const merged = new Map<string, Row>();
  for (const row of rows) {
    const known = Object.fromEntries(Object.entries(row).filter(([, value]) => value != null));
    const key = keyOf(row);
    merged.set(key, { ...(merged.get(key) ?? row), ...known });
  }
  return [...merged.values()];
}

/** Far below the parameters that one statement may have. */
const ROWS_AT_ONCE = 200;

export const inChunks = <Row>(rows: readonly Row[]): Row[][] =>
  Array.from({ length: Math.ceil(rows.length / ROWS_AT_ONCE) }, (_, chunk) =>
    rows.slice(chunk * ROWS_AT_ONCE, (chunk + 1) * ROWS_AT_ONCE),
  );
