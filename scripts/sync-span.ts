import ora from 'ora';
import { createAnalyticsSync } from '../src/analytics/sync.ts';
import { AnalyticsOutcome } from '../src/campaigns/analytics.ts';
import { createCensor } from '../src/censor.ts';
import { systemClock } from '../src/clock.ts';
import type { Config } from '../src/config/config.ts';
import { secretsOf } from '../src/config/secrets.ts';
import { createAnalyticsStore } from '../src/db/analytics-store.ts';
import { createCallStore } from '../src/db/call-store.ts';
import { createTokenStore } from '../src/db/token-store.ts';
import { silentLog } from '../src/log.ts';
import { createLogger } from '../src/logger.ts';
import { openWechat } from '../src/wechat/open.ts';
import { databaseOrEnd, end } from './end.ts';

const WIDTH = 24;
const bar = (done: number, of: number): string => {
  const full = Math.round((done / of) * WIDTH);
  return `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${done}/${of}`;
};

/**
 * Fetches the days for one account after the other, and tells how it goes. It writes those tables, the record of calls and the access
 * token, and takes no ownership of the database: on SQLite, WAL and the busy timeout keep it out of the gateway's way.
 */
export async function syncSpan(asked: {
  config: Config;
  accounts: Config['accounts'];
  from: string;
  to: string;
}): Promise<void> {
  const { config, accounts, from, to } = asked;
  const isTerminal = process.stdout.isTTY === true;
  const censor = createCensor(secretsOf(config, process.env));
  const log = isTerminal ? silentLog : createLogger(config.logLevel, false, censor);
  const database = await databaseOrEnd(config.databaseUrl, (error) =>
    log.warn({ error }, 'a database connection broke'),
  );
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

  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      stopping = true;
      log.info({ signal }, 'it ends after the call under way');
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
}
