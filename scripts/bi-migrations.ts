import { readFileSync } from 'node:fs';
import { auditTriggers } from '../src/db/audit-triggers.ts';
import type { Dialect } from '../src/db/bi-columns.ts';
import { missingBiStatements } from '../src/db/bi-sql.ts';

export const BREAKPOINT = '\n--> statement-breakpoint\n';

const folderOf = (dialect: Dialect) => new URL(`../drizzle/${dialect}/`, import.meta.url);

const filesOf = (dialect: Dialect): URL[] =>
  JSON.parse(readFileSync(new URL('meta/_journal.json', folderOf(dialect)), 'utf8')).entries.map(
    ({ tag }: { tag: string }) => new URL(`${tag}.sql`, folderOf(dialect)),
  );

export const lastMigration = (dialect: Dialect): URL => filesOf(dialect).at(-1)!;

/** What no migration of a database does yet for the views, and for the triggers of the audit trail. */
export function missingBi(dialect: Dialect): string[] {
  const migrated = filesOf(dialect)
    .flatMap((file) => readFileSync(file, 'utf8').split('--> statement-breakpoint'))
    .map((statement) => statement.trim());
  const triggers = auditTriggers[dialect].filter((statement) => !migrated.includes(statement));
  return [...triggers, ...missingBiStatements(dialect, migrated)];
}
