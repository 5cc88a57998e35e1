import { type AccountLimits, documentedLimits } from '../../src/campaigns/account.ts';
import { type Config, readConfig } from '../../src/config/config.ts';
import type { LaneWatch } from '../../src/http/fast-lane.ts';
import { type Limits, usualLimits } from '../../src/http/limits.ts';
import type { Log } from '../../src/log.ts';
import type { SandboxAccount } from '../../src/sandbox/account-settings.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { type Gateway, startGateway } from '../../src/server.ts';
import { bearer } from './bearer.ts';
import { createTestDatabase } from './database.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { type Results, subscribe, type Transport } from './subscribe.ts';

export interface LogLine {
  level: keyof Log;
  context: object;
  message: string;
}

export interface World extends AsyncDisposable {
  url: string;
  /** Moves gateway and sandbox alike. */
  clock: FakeClock;
  sandbox: Sandbox;
  appId: string;
  /** What the gateway logged. */
  log: LogLine[];
  /** Every SQL statement the gateway ran. */
  sql: string[];
  config: Config;
  /** Posts an operation; rejects where the answer has errors. */
  query<T>(query: string, variables?: Record<string, unknown>): Promise<T>;
  /** Posts an operation and gives the whole answer. */
  post(body: unknown, headers?: Record<string, string>): Promise<{ status: number; body: any }>;
  /** Posts an operation with files, by the names of their variables. */
  upload(query: string, variables: Record<string, unknown>, files: Record<string, Blob | File>): Promise<any>;
  subscribe<T>(
    transport: Transport,
    query: string,
    variables?: Record<string, unknown>,
    secret?: string,
  ): Promise<Results<T>>;
  /** As SIGHUP does. */
  reloadKeys(): Promise<void>;
  /** How many subscriptions the gateway has open. */
  subscribers(): number;
  /** Stops the gateway and starts another on the same database, with other settings where some are given. */
  restart(settings?: Partial<Config>, options?: { resume?: boolean }): Promise<void>;
}

export interface WorldOptions {
  account?: Partial<SandboxAccount>;
  /** Further accounts, which makes this a gateway of several. */
  others?: SandboxAccount[];
  /** The key that the first account had before its present one. */
  previousAesKey?: string;
  /** Where the pushes of the first account go that are not for the gateway. */
  forwardUrl?: string;
  env?: Record<string, string>;
  /** Of the key that the world's own requests show. */
  secret?: string;
  limits?: Partial<Limits>;
  laneWatch?: LaneWatch;
  /** Stands between the parts of the gateway, see `startGateway`. */
  around?: Parameters<typeof startGateway>[0]['around'];
}

/** Of a gateway that WeChat leaves without an answer: that one never comes is known after so long, in real time. */
export const HURRIED = { WECHAT_TIMEOUT_MS: '1000' };

const AES_KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';

/** A gateway on a database of its own, and the WeChat it talks to over real HTTP. */
export async function createWorld({
  account,
  others = [],
  previousAesKey,
  forwardUrl,
  env = {},
  secret,
  limits = {},
  laneWatch,
  around,
}: WorldOptions = {}): Promise<World> {
  const clock = createFakeClock();
  const database = await createTestDatabase();
  const first: SandboxAccount = {
    appId: 'wx1111111111111111',
    appSecret: 'a secret of the first account',
    type: 'service',
    callbackToken: 'callbacktoken',
    encodingAesKey: AES_KEY,
    ...account,
  };
  const accounts = [first, ...others];
  const sandbox = await createSandbox({ accounts, clock });
  const log: LogLine[] = [];
  const sql: string[] = [];
  const read = readConfig({
    PORT: '0',
    DATABASE_URL: database.url,
    WECHAT_API_BASE_URL: sandbox.url,
    // Real time, so that no slow machine takes an answer for one that never comes.
    WECHAT_TIMEOUT_MS: '20000',
    ...env,
  });
  const type = (kind: 'service' | 'subscription') => (kind === 'service' ? 'SERVICE' : 'SUBSCRIPTION');
  const config: Config = {
    ...read,
    accounts: accounts.map((each) => ({
      appId: each.appId,
      appSecret: each.appSecret,
      name: each.appId,
      type: type(each.type),
      limits: limitsOf(each),
      callbackToken: each.callbackToken ?? null,
      encodingAesKey: each.encodingAesKey ?? null,
      encodingAesKeyPrevious: (each === first && previousAesKey) || null,
      callbackForwardUrl: (each === first && forwardUrl) || null,
    })),
  };

  let gateway: Gateway;
  async function start(settings: Partial<Config> = {}, { resume = false } = {}): Promise<void> {
    gateway = await startGateway({
      config: { ...config, ...settings },
      clock,
      log: collect(log),
      limits: { ...usualLimits, ...limits },
      ...(laneWatch ? { laneWatch } : {}),
      ...(around ? { around } : {}),
      resume,
      onQuery: (statement) => sql.push(statement),
    });
    for (const { appId } of accounts)
      sandbox.setCallbackUrl(appId, `${gateway.url}/wechat/callback/${appId}`);
  }
  await start();

  async function answerTo(request: RequestInit): Promise<{ status: number; body: any }> {
    const headers = { ...(secret && bearer(secret)), ...(request.headers as Record<string, string>) };
    const response = await fetch(`${gateway.url}/graphql`, { method: 'POST', ...request, headers });
    const text = await response.text();
    return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text };
  }
  const post: World['post'] = (body, headers = {}) =>
    answerTo({ headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
  const dataOf = ({ status, body }: { status: number; body: any }) => {
    if (body.errors || !body.data) throw new Error(`HTTP ${status}: ${JSON.stringify(body)}`);
    return body.data;
  };

  return {
    get url() {
      return gateway.url;
    },
    clock,
    sandbox,
    appId: first.appId,
    log,
    sql,
    config,
    post,
    query: async (query, variables) => dataOf(await post({ query, variables })),
    async upload(query, variables, files) {
      const form = new FormData();
      const names = Object.keys(files);
      const empty = Object.fromEntries(names.map((name) => [name, null]));
      form.set('operations', JSON.stringify({ query, variables: { ...variables, ...empty } }));
      form.set('map', JSON.stringify(Object.fromEntries(names.map((name) => [name, [`variables.${name}`]]))));
      for (const [name, file] of Object.entries(files))
        form.set(name, file, file instanceof File ? file.name : name);
      return dataOf(await answerTo({ headers: { 'graphql-require-preflight': '1' }, body: form }));
    },
    subscribe: (transport, query, variables, other = secret) =>
      subscribe(transport, gateway.url, query, variables, other),
    reloadKeys: () => gateway.reloadKeys(),
    subscribers: () => gateway.subscribers(),
    async restart(settings, options) {
      await gateway.close();
      await start(settings, options);
    },
    async [Symbol.asyncDispose]() {
      await gateway.close();
      await sandbox.close();
      await database.drop();
    },
  };
}

const collect = (lines: LogLine[]): Log => {
  const at = (level: keyof Log) => (context: object, message: string) =>
    void lines.push({ level, context, message });
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
};

function limitsOf({ type, limits }: SandboxAccount): AccountLimits {
  const { callsPerMinute, callsPerDay, sendsToAllPerDay, sendsToAllPerMonth, previewsPerDay } = {
    ...documentedLimits[type === 'service' ? 'SERVICE' : 'SUBSCRIPTION'],
    ...limits,
  };
  return { callsPerMinute, callsPerDay, sendsToAllPerDay, sendsToAllPerMonth, previewsPerDay };
}
