import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { BREAKPOINT, lastMigration, missingBi } from './bi-migrations.ts';

// Writes what the views lack into a migration of its own: one that was released is never touched again.
for (const dialect of ['sqlite', 'postgres'] as const) {
  const missing = missingBi(dialect);
  if (missing.length === 0) continue;
  const config = `drizzle/${dialect}.config.ts`;
  execFileSync('drizzle-kit', ['generate', '--custom', '--name', 'bi_views', '--config', config], {
    stdio: 'inherit',
  });
  writeFileSync(lastMigration(dialect), `${missing.join(BREAKPOINT)}\n`);
}
