import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { TableState } from './database.ts';

/** Of the whole, wherever this file is: among the sources, or part of the bundle. */
const root = dirname(findPackageJSON(import.meta.url) ?? '');

export const migrationsFolder = (dialect: 'sqlite' | 'postgres'): string => join(root, 'drizzle', dialect);

/** @param found when the newest migration of the database was made; null where it has none */
export function tableStateOf(dialect: 'sqlite' | 'postgres', found: number | null): TableState {
  const newest = lastMigration(dialect);
  if (found === null) return TableState.MISSING;
  if (found === newest) return TableState.CURRENT;
  return found < newest ? TableState.EARLIER : TableState.LATER;
}

/** When the newest migration of this version was made: the database remembers the same number once it has it. */
function lastMigration(dialect: 'sqlite' | 'postgres'): number {
  const journal: { entries: { when: number }[] } = JSON.parse(
    readFileSync(join(migrationsFolder(dialect), 'meta/_journal.json'), 'utf8'),
  );
  return journal.entries.at(-1)?.when ?? 0;
}
