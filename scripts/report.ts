import './quick-drizzle.ts';
import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { sandboxAccount } from '../src/built-in-sandbox.ts';
import { systemClock } from '../src/clock.ts';
import { readConfig } from '../src/config/config.ts';
import { ConfigError } from '../src/config/settings.ts';
import { createReport, REPORT_DAYS } from '../src/report/report.ts';

// Writes the page of /report into a file, with the settings of the gateway and beside it. Only reads the database.
const MAX_DAYS = 366;

try {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: 'report.html' },
      days: { type: 'string', default: String(REPORT_DAYS) },
    },
  });
  const days = Number(values.days);
  if (!Number.isInteger(days) || days < 1 || days > MAX_DAYS)
    throw new ConfigError(`--days must be a whole number from 1 to ${MAX_DAYS}`);
  if (existsSync('.env')) process.loadEnvFile('.env');
  const { databaseUrl, accounts } = readConfig(process.env);
  // Only now, so that it is loaded quickly.
  const { createViewReader } = await import('../src/db/open.ts');
  const report = createReport({
    reader: createViewReader(databaseUrl),
    accounts: (accounts.length > 0 ? accounts : [sandboxAccount()]).map(({ appId }) => appId),
    clock: systemClock,
    days,
  });
  const path = resolve(values.out);
  writeFileSync(path, await report());
  console.log(`The last ${days} days: ${path}`);
} catch (error) {
  const reason = error instanceof Error ? error.message || String(error.cause ?? error.name) : String(error);
  console.error(`The report could not be made: ${reason}`);
  process.exitCode = 1;
}
