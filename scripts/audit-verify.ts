import './quick-drizzle.ts';
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { verifyAudit } from '../src/access/verify-audit.ts';
import { databaseOrEnd, end, settingsOrEnd, WRONG_SETTINGS, WRONG_USE, wordsOrEnd } from './end.ts';

// Walks the audit trail of DATABASE_URL and says whether it is whole. Beside the gateway or without it; it changes nothing.

const USAGE = 'npm run audit:verify [-- --head <hash that was noted before>]';

const { values } = wordsOrEnd(USAGE, () => parseArgs({ options: { head: { type: 'string' } } }));
const head = values.head?.toLowerCase() ?? null;
if (head !== null && !/^[\da-f]{64}$/.test(head)) end(`a head is 64 hex digits\n${USAGE}`, WRONG_USE);

const { databaseUrl: url } = settingsOrEnd();
const path = url.startsWith('file:') ? url.slice('file:'.length) : null;
if (path !== null && !existsSync(path)) end(`there is no database at ${path}`, WRONG_SETTINGS);
const database = await databaseOrEnd(url, (error) => console.error(error.message));
const { createAuditStore } = await import('../src/db/audit-store.ts');
const verdict = await verifyAudit(createAuditStore(database).after, head);
await database.close();

if (verdict.wrong) console.error(`row ${verdict.wrong.id} is wrong: ${verdict.wrong.reason}`);
else if (verdict.headFound === false)
  console.error(`the head ${head} is not in the chain: its end was cut off, or it was written anew`);
if (verdict.wrong || verdict.headFound === false) process.exitCode = 1;
console.log(`${verdict.rows} rows are right; head ${verdict.head}`);
