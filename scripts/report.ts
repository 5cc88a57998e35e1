import './quick-drizzle.ts';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { sandboxAccount } from '../src/built-in-sandbox.ts';
import { systemClock } from '../src/clock.ts';
import { createReport, REPORT_DAYS } from '../src/report/report.ts';
import { end, settingsOrEnd, wordsOrEnd } from './end.ts';

// Writes the page of /report into a file, with the settings of the gateway and beside it. Only reads the database.

const USAGE = 'npm run report [-- --days 30 --out report.html]';
const MAX_DAYS = 366;

const { out, days } = wordsOrEnd(USAGE, () => {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: 'report.html' },
      days: { type: 'string', default: String(REPORT_DAYS) },
    },
  });
  const days = Number(values.days);
  if (!Number.isInteger(days) || days < 1 || days > MAX_DAYS)
    throw new Error(`--days must be a whole number from 1 to ${MAX_DAYS}`);
  return { out: values.out, days };
});
const { databaseUrl, accounts } = settingsOrEnd();
// Only now, so that it is loaded quickly.
const { createViewReader } = await import('../src/db/open.ts');
const report = createReport({
  reader: createViewReader(databaseUrl),
  accounts: (accounts.length > 0 ? accounts : [sandboxAccount()]).map(({ appId }) => appId),
  clock: systemClock,
  days,
});
const path = resolve(out);
try {
  writeFileSync(path, await report());
} catch (error) {
  const reason = error instanceof Error ? error.message || String(error.cause ?? error.name) : String(error);
  end(`The report could not be made: ${reason}`, 1);
}
console.log(`The last ${days} days: ${path}`);
