import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import ora from 'ora';
import { createAnalyticsSync } from '../src/analytics/sync.ts';
import { AnalyticsOutcome } from '../src/campaigns/analytics.ts';
import { checkSpan } from '../src/campaigns/analytics-span.ts';
import { addDays, dayInBeijing, isDay } from '../src/campaigns/days.ts';
import { createCensor } from '../src/censor.ts';
import { systemClock } from '../src/clock.ts';
import { readConfig } from '../src/config/config.ts';
import { secretsOf } from '../src/config/secrets.ts';
import { ConfigError } from '../src/config/settings.ts';
import { createAnalyticsStore } from '../src/db/analytics-store.ts';
import { createCallStore } from '../src/db/call-store.ts';
import { openDatabase } from '../src/db/open.ts';
import { createTokenStore } from '../src/db/token-store.ts';
import { silentLog } from '../src/log.ts';
import { createLogger } from '../src/logger.ts';
import { openWechat } from '../src/wechat/open.ts';

// Fetches article analytics of a span of days, beside the gateway or without it. It writes those tables, the record of calls and the
// access token, and takes no ownership of the database: on SQLite, WAL and the busy timeout keep it out of the gateway's way.

const USAGE =
  'npm run sync -- --from 2026-11-01 --to 2026-11-07 [--account wx…]   (both days count; left out: yesterday)';

/** What a shell knows as "used wrongly". */
const WRONG_USE = 64;
const WRONG_SETTINGS = 78;

function end(message: string, code: number): never {
  console.error(message);
  process.exit(code);
}

function orEnd<T>(read: () => T, code: number, isExpected: (error: unknown) => boolean = () => true): T {
  try {
    return read();
  } catch (error) {
    if (!isExpected(error)) throw error;
    return end(`${error instanceof Error ? error.message : error}\n${code === WRONG_USE ? USAGE : ''}`, code);
  }
}

if (existsSync('.env')) process.loadEnvFile('.env');
const yesterday = addDays(dayInBeijing(systemClock.now()), -1);
const { values } = orEnd(
  () =>
    parseArgs({
      options: {
        from: { type: 'string', default: yesterday },
        to: { type: 'string', default: yesterday },
        account: { type: 'string' },
      },
    }),
  WRONG_USE,
);
const { from, to, account } = values;
if (!isDay(from) || !isDay(to)) end(`a day is written YYYY-MM-DD\n${USAGE}`, WRONG_USE);
// However long: what is there already stays, so a span that the quota cuts off is gone on with on the next day.
const issues = checkSpan(from, to, systemClock.now(), Number.POSITIVE_INFINITY);
if (issues.length > 0)
  end(issues.map(({ path, message }) => `--${path.join('.')} ${message}`).join('\n'), WRONG_USE);

const config = orEnd(
  () => readConfig(process.env),
  WRONG_SETTINGS,
  (error) => error instanceof ConfigError,
);
const accounts = config.accounts.filter(({ appId }) => account === undefined || appId === account);
if (accounts.length === 0) {
  end(
    account === undefined
      ? 'no account is configured: the built-in sandbox lives in the gateway alone; use the mutation syncAnalytics'
      : `${account} is not a configured account`,
    WRONG_SETTINGS,
  );
}

const isTerminal = process.stdout.isTTY === true;
const censor = createCensor(secretsOf(config, process.env));
const log = isTerminal ? silentLog : createLogger(config.logLevel, false, censor);
const database = await openDatabase(config.databaseUrl, (error) =>
  log.warn({ error }, 'a database connection broke'),
).catch((error) => {
  // Drizzle's error has the statement, and its cause what is wrong; that of a refused connection has a code alone.
  const { message, code } = error.cause ?? error;
  return end(`the database could not be opened: ${message || code}`, 1);
});
const { wechat, close } = openWechat({
  accounts,
  baseUrl: config.wechatApiBaseUrl,
  timeoutMs: config.wechatTimeoutMs,
  tokens: createTokenStore(database, config.encryptionKey, log),
  onSecret: censor.learn,
  keep: createCallStore(database).keep,
  clock: systemClock,
  log,
});
const sync = createAnalyticsSync({
  accounts,
  wechat,
  store: createAnalyticsStore(database),
  clock: systemClock,
  log,
});

const WIDTH = 24;
const bar = (done: number, of: number): string => {
  const full = Math.round((done / of) * WIDTH);
  return `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${done}/${of}`;
};

let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    stopping = true;
    void sync.stop();
  });
}

for (const { appId, name } of accounts) {
  if (stopping) break;
  const title = `${name} ${from} to ${to}`;
  const spinner = isTerminal ? ora({ text: title, discardStdin: false }).start() : null;
  const { days, rows, failures } = await sync.span(appId, from, to, ({ done, of, day }) => {
    if (spinner) spinner.text = `${name} ${bar(done, of)} ${day}`;
  });
  const counts = `${title}: ${days} days, ${rows} rows`;
  // An account that may not ask for a report has nothing to be put right.
  if (failures.some(({ outcome }) => outcome !== AnalyticsOutcome.UNAVAILABLE)) process.exitCode = 1;
  if (failures.length > 0) {
    spinner?.warn(`${counts}, ${failures.length} reports did not come`);
    for (const { report, day, message } of isTerminal ? failures : [])
      console.log(`  ${day} ${report}: ${message}`);
  } else spinner?.succeed(counts);
}
await close();
await database.close();
if (stopping) end('stopped before everything was asked for', 1);
