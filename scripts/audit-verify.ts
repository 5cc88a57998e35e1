import './quick-drizzle.ts';
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { verifyAudit } from '../src/access/verify-audit.ts';
import { readConfig } from '../src/config/config.ts';
import { ConfigError } from '../src/config/settings.ts';
import { end, endForDatabase, WRONG_SETTINGS, WRONG_USE } from './end.ts';

// Walks the audit trail of DATABASE_URL and says whether it is whole. Beside the gateway or without it; it changes nothing.

const USAGE = 'npm run audit:verify [-- --head <hash that was noted before>]';

function headOf(): string | null {
  try {
    return parseArgs({ options: { head: { type: 'string' } } }).values.head ?? null;
  } catch {
    return end(USAGE, WRONG_USE);
  }
}

function databaseUrl(): string {
  try {
    return readConfig(process.env).databaseUrl;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return end(error.message, WRONG_SETTINGS);
  }
}

if (existsSync('.env')) process.loadEnvFile('.env');
const head = headOf()?.toLowerCase() ?? null;
if (head !== null && !/^[\da-f]{64}$/.test(head)) end(`a head is 64 hex digits\n${USAGE}`, WRONG_USE);

const url = databaseUrl();
const path = url.startsWith('file:') ? url.slice('file:'.length) : null;
if (path !== null && !existsSync(path)) end(`there is no database at ${path}`, WRONG_SETTINGS);
// Only now: these are much to load, and who called it wrongly is told at once.
const { createAuditStore } = await import('../src/db/audit-store.ts');
const { openDatabase } = await import('../src/db/open.ts');
const database = await openDatabase(url, (error) => console.error(error.message)).catch(endForDatabase);
const verdict = await verifyAudit(createAuditStore(database).after, head);
await database.close();

if (verdict.wrong) console.error(`row ${verdict.wrong.id} is wrong: ${verdict.wrong.reason}`);
else if (verdict.headFound === false)
  console.error(`the head ${head} is not in the chain: its end was cut off, or it was written anew`);
if (verdict.wrong || verdict.headFound === false) process.exitCode = 1;
console.log(`${verdict.rows} rows are right; head ${verdict.head}`);
