import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createCensor } from './censor.ts';
import { systemClock } from './clock.ts';
import { readConfig, showsGraphiql } from './config/config.ts';
import { secretsOf } from './config/secrets.ts';
import { ConfigError } from './config/settings.ts';
import { DatabaseInUseError, LaterTablesError } from './db/database.ts';
import { createLogger } from './logger.ts';
import { type Gateway, startGateway } from './server.ts';

/** Node's codes and Postgres's: no connection, wrong password, no such database, starting or stopping. */
const DATABASE_AWAY = /^(?:ECONNREFUSED|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|28\w{3}|3D000|57P\d\d)$/;

/** A folder, a file of something else, no right to it, a disk that is full, somebody who writes for long. */
const DATABASE_UNREADABLE = /^SQLITE_(?:BUSY|CANTOPEN|NOTADB|READONLY|FULL|IOERR|CORRUPT)/;

/** A lock that was not to be had, or one against another. */
const LOCKED_BY_READERS = /^(?:55P03|40P01)$/;

const NO_RIGHT = '42501';

const USAGE = `npm start [-- --resume]

  --resume   lets a database that was restored from a backup, or copied, send again

Settings come from the environment and from .env; the README has a table of them.`;

const { resume } = asked();
if (existsSync('.env')) process.loadEnvFile('.env');

const config = orExit(() => readConfig(process.env));
// From here on only their hashes are in memory.
delete process.env.API_KEYS;
const isTerminal = process.stdout.isTTY === true;
const censor = createCensor(secretsOf(config, process.env));
const log = createLogger(config.logLevel, isTerminal, censor);
// Node's own words for it would go past the censor.
process.on('uncaughtException', (error) => {
  log.fatal({ error }, 'the gateway broke');
  process.exit(1);
});
const gateway = await startGateway({
  config,
  clock: systemClock,
  log,
  onSecret: censor.learn,
  onTaken() {
    process.exitCode = 1;
    void close({ reason: 'another gateway has taken the database over' });
  },
  resume,
}).catch((error) => {
  if (error instanceof ConfigError) exitFor(error);
  const reason = ordinaryReason(error);
  log.fatal(reason ? {} : { error }, `the gateway could not start${reason ? `: ${reason}` : ''}`);
  process.exit(1);
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => close({ signal }));
// Where there is nothing to be read again, it means what it does to any process: the terminal is gone.
if (config.apiKeysFile) process.on('SIGHUP', () => void gateway.reloadKeys());
else process.once('SIGHUP', () => close({ signal: 'SIGHUP' }));
if (process.env.npm_lifecycle_event) closeWithShell();
welcome(gateway);

async function close(why: object): Promise<void> {
  log.info(why, 'closing');
  await gateway.close();
  log.info({}, 'closed');
  // A connection to what is out of reach would keep it from ending.
  process.exit();
}

/** Ends what was asked for wrongly: a word that is overlooked would be taken for understood. */
function asked(): { resume: boolean } {
  let values: { resume?: boolean; help?: boolean };
  try {
    ({ values } = parseArgs({ options: { resume: { type: 'boolean' }, help: { type: 'boolean' } } }));
  } catch {
    console.error(USAGE);
    process.exit(64);
  }
  const { resume = false, help } = values;
  if (!help) return { resume };
  console.log(USAGE);
  process.exit(0);
}

/** npm runs a script by a shell, and that one dies of a SIGTERM without passing it on. */
function closeWithShell(): void {
  const shell = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(watch);
    void close({ reason: 'npm has ended' });
  }, 200).unref();
}

/** What happens on any machine, in a sentence; null for what does not. */
function ordinaryReason(error: unknown): string | null {
  for (let each = error; each instanceof Error; each = each.cause) {
    const code = 'code' in each ? String(each.code) : '';
    if (each instanceof DatabaseInUseError || each instanceof LaterTablesError) return each.message;
    if (code === 'EADDRINUSE') return `port ${config.port} is in use; set PORT to another`;
    if (isOfHost(each)) return `HOST ${config.host} is no address of this machine (${code})`;
    if ('syscall' in each && each.syscall === 'mkdir')
      return `the folder of DATABASE_URL cannot be made: ${each.message}`;
    if (code === 'EACCES') return each.message;
    if (DATABASE_UNREADABLE.test(code))
      return `the database of DATABASE_URL cannot be opened: ${each.message}`;
    if (LOCKED_BY_READERS.test(code))
      return 'the tables of DATABASE_URL cannot be brought up to date while somebody reads them in an open transaction';
    if (code === NO_RIGHT)
      return `the role of DATABASE_URL may not do what the gateway must: ${each.message}`;
    if (DATABASE_AWAY.test(code)) return `the database of DATABASE_URL does not answer (${code})`;
  }
  return null;
}

/** Such an address is not here, or such a name is not known: not that of the database, which may fail alike. */
function isOfHost(error: Error): boolean {
  return (
    ('code' in error && error.code === 'EADDRNOTAVAIL') ||
    ('hostname' in error && error.hostname === config.host)
  );
}

function orExit<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    exitFor(error);
  }
}

function exitFor(error: ConfigError): never {
  console.error(`qunfa cannot start with these settings:\n${error.message}`);
  process.exit(78);
}

/** Of a Postgres URL its place alone: who connects, and with which password, is nobody's business. Not every one that works is a `URL`. */
function shown(databaseUrl: string): string {
  if (databaseUrl.startsWith('file:')) return databaseUrl;
  return databaseUrl.replace(/\?.*/, '').replace(/\/\/.*@/, '//');
}

function welcome({ url, sandbox }: Gateway): void {
  const { unknownNames } = config;
  if (unknownNames.length > 0) log.warn({ unknownNames }, 'there are no settings of these names');
  if (config.apiKeys === null && !sandbox)
    log.warn({}, 'there are no API keys: whoever reaches this gateway may send to all followers');
  const database = shown(config.databaseUrl);
  if (!isTerminal) {
    if (sandbox)
      log.warn({}, 'no account is configured: the built-in sandbox stands in, and nothing reaches anybody');
    log.info({ url, sandbox: sandbox?.url ?? null, database }, 'qunfa is ready');
    return;
  }
  console.log(`
  GraphQL     ${url}/graphql${showsGraphiql(config) ? '   (open it for GraphiQL)' : ''}
  WebSocket   ${url.replace('http', 'ws')}/graphql   (graphql-transport-ws)
  Callbacks   ${url}/wechat/callback/<app id>
  WeChat      ${sandbox ? `the built-in sandbox at ${sandbox.url}: nothing reaches anybody` : config.wechatApiBaseUrl}
  Database    ${database}
${sandbox ? '\n  npm run demo (in another terminal) plays a whole campaign.\n' : ''}`);
}
