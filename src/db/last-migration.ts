import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import type { Dialect } from './bi-columns.ts';
import { TableState } from './database.ts';

/** Of the whole, wherever this file is: among the sources, or part of the bundle. */
const root = dirname(findPackageJSON(import.meta.url) ?? '');

export const migrationsFolder = (dialect: Dialect): string => join(root, 'drizzle', dialect);

/**
 * Tells the state of tables by when the newest migration of their database was made, null where it has none: it remembers the number that
 * stands in the journal. This version is the one whose files lie there now: later they may be those of another.
 */
export function createTableStates(dialect: Dialect): (found: number | null) => TableState {
  const journal = readFileSync(join(migrationsFolder(dialect), 'meta/_journal.json'), 'utf8');
  const { entries }: { entries: { when: number }[] } = JSON.parse(journal);
  const newest = entries.at(-1)?.when ?? 0;
  return (found) => {
    if (found === null) return TableState.MISSING;
    if (found === newest) return TableState.CURRENT;
    return found < newest ? TableState.EARLIER : TableState.LATER;
  };
}
