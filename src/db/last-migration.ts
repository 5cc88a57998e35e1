import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { TableState } from './database.ts';

/** Of the whole, wherever this file is: among the sources, or part of the bundle. */
const root = dirname(findPackageJSON(import.meta.url) ?? '');

export const migrationsFolder = (dialect: 'sqlite' | 'postgres'): string => join(root, 'drizzle', dialect);

/**
 * Tells the state of tables by when the newest migration of their database was made, null where it has none. This version is the one whose
 * files lie there now: later they may be those of another.
 */
export function createTableStates(dialect: 'sqlite' | 'postgres'): (found: number | null) => TableState {
  const newest = lastMigration(dialect);
  return (found) => {
    if (found === null) return TableState.MISSING;
    if (found === newest) return TableState.CURRENT;
    return found < newest ? TableState.EARLIER : TableState.LATER;
  };
}

/** When the newest migration of this version was made: the database remembers the same number once it has it. */
function lastMigration(dialect: 'sqlite' | 'postgres'): number {
  const journal: { entries: { when: number }[] } = JSON.parse(
    readFileSync(join(migrationsFolder(dialect), 'meta/_journal.json'), 'utf8'),
  );
  return journal.entries.at(-1)?.when ?? 0;
}
