import { existsSync } from 'node:fs';
import { systemClock } from './clock.ts';
import { ConfigError, readConfig } from './config.ts';
import { createLogger } from './logger.ts';
import { type Gateway, startGateway } from './server.ts';

if (existsSync('.env')) process.loadEnvFile('.env');

const config = orExit(() => readConfig(process.env));
const isTerminal = process.stdout.isTTY === true;
const log = createLogger(config.logLevel, isTerminal);
const gateway = await startGateway({
  config,
  clock: systemClock,
  log,
  resume: process.argv.includes('--resume'),
}).catch((error) => {
  log.fatal({ error }, 'the gateway could not start');
  process.exit(1);
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, async () => {
    log.info({ signal }, 'closing');
    await gateway.close();
    log.info({}, 'closed');
  });
}
welcome(gateway);

function orExit<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(`qunfa cannot start with these settings:\n${error.message}`);
    process.exit(78);
  }
}

function welcome({ url, sandbox }: Gateway): void {
  // The password of a Postgres URL is nobody's business.
  const database = config.databaseUrl.replace(/\/\/[^@/]*@/, '//');
  if (!isTerminal) {
    log.info({ url, sandbox: sandbox?.url ?? null, database }, 'qunfa is ready');
    return;
  }
  console.log(`
  GraphQL     ${url}/graphql   (open it for GraphiQL)
  WebSocket   ${url.replace('http', 'ws')}/graphql   (graphql-transport-ws)
  Callbacks   ${url}/wechat/callback/<app id>
  WeChat      ${sandbox ? `the built-in sandbox at ${sandbox.url}: nothing reaches anybody` : config.wechatApiBaseUrl}
  Database    ${database}
${sandbox ? '\n  npm run demo (in another terminal) plays a whole campaign.\n' : ''}`);
}
