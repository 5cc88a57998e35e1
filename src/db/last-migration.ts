import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';

/** Of the whole, wherever this file is: among the sources, or part of the bundle. */
const root = dirname(findPackageJSON(import.meta.url) ?? '');

export const migrationsFolder = (dialect: 'sqlite' | 'postgres'): string => join(root, 'drizzle', dialect);

/** When the newest migration of this version was made: the database remembers the same number once it has it. */
export function lastMigration(dialect: 'sqlite' | 'postgres'): number {
  const journal: { entries: { when: number }[] } = JSON.parse(
    readFileSync(join(migrationsFolder(dialect), 'meta/_journal.json'), 'utf8'),
  );
  return journal.entries.at(-1)?.when ?? 0;
}
