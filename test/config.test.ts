import { createSecretKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { digestOf } from '../src/access/api-key.ts';
import { documentedLimits } from '../src/campaigns/account.ts';
import { readConfig } from '../src/config/config.ts';
import { ConfigError } from '../src/config/settings.ts';

const KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
const SECRET = 'twenty-characters-or-more';
const ACCOUNT = {
  WECHAT_APP_ID: 'wx1',
  WECHAT_APP_SECRET: 'hush-secret',
  WECHAT_CALLBACK_TOKEN: 'hush-token',
};

const folder = mkdtempSync(join(tmpdir(), 'qunfa-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file with this content, for WECHAT_ACCOUNTS_FILE. */
function fileWith(content: unknown): { WECHAT_ACCOUNTS_FILE: string } {
  const path = join(folder, 'accounts.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return { WECHAT_ACCOUNTS_FILE: path };
}

const documentsPath = join(folder, 'documents.json');
writeFileSync(documentsPath, JSON.stringify({ one: '{ __typename }' }));

/** What it says against an environment; every line of it. */
function refusalOf(env: Record<string, string>): string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  throw new Error('it was taken');
}

describe('without settings', () => {
  it('has the documented defaults, and no account, which means the sandbox', () => {
    expect(readConfig({})).toEqual({
      host: '127.0.0.1',
      port: 4000,
      databaseUrl: 'file:./data/qunfa.sqlite',
      accounts: [],
      wechatApiBaseUrl: 'https://api.weixin.qq.com',
      wechatTimeoutMs: 10_000,
      retryPauseMs: 60_000,
      statusPollMs: 60_000,
      apiKeys: null,
      apiKeysFile: null,
      encryptionKey: null,
      callbackMaxAgeMs: 600_000,
      callbackForwardAllow: [],
      corsOrigins: [],
      open: true,
      introspection: true,
      trustedDocuments: null,
      bodyLimit: 8 * 1024 * 1024,
      logLevel: 'info',
      otlpEndpoint: null,
      unknownNames: [],
    });
  });

  it('takes an empty line of an .env file as a setting that is not made', () => {
    const empty = { HOST: '', PORT: ' ', DATABASE_URL: '', WECHAT_APP_ID: '', LOG_LEVEL: '', API_KEYS: '' };
    expect(readConfig(empty)).toEqual(readConfig({}));
  });

  it('knows names that look like settings and are none', () => {
    const env = {
      ...ACCOUNT,
      WECHAT_APPID: 'wx1',
      CALLBACK_URL: 'x',
      PATH: '/bin',
      WECHAT_ENCODING_AES_KEY: '',
    };
    expect(readConfig(env).unknownNames).toEqual(['WECHAT_APPID', 'CALLBACK_URL']);
    const slips = ['API_KEY', 'APIKEYS', 'API_KEYS_FIEL', 'ENCRYPTION_KEYS', 'DATABASE_URI', 'CORS_ORIGIN'];
    const others = ['HOME', 'POST', 'PATH', 'SSH_KEYS', 'DATABASE', 'REDIS_URL', 'LOGNAME'];
    const named = Object.fromEntries([...slips, ...others].map((name) => [name, 'x']));
    expect(readConfig(named).unknownNames).toEqual(slips);
  });

  it('cannot be changed once it is read', () => {
    const config = readConfig(ACCOUNT);
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.accounts)).toBe(true);
    expect(Object.isFrozen(config.corsOrigins)).toBe(true);
  });
});

it('reads every setting', () => {
  const config = readConfig({
    ...ACCOUNT,
    HOST: '::1',
    PORT: '0',
    DATABASE_URL: 'postgres://user:pass@db/qunfa',
    WECHAT_ACCOUNT_NAME: 'Shop',
    WECHAT_ACCOUNT_TYPE: 'subscription',
    WECHAT_ENCODING_AES_KEY: KEY,
    WECHAT_ENCODING_AES_KEY_PREVIOUS: KEY.toUpperCase(),
    WECHAT_API_BASE_URL: 'http://127.0.0.1:9000',
    WECHAT_TIMEOUT_MS: '5000',
    RETRY_PAUSE_MS: '61000',
    STATUS_POLL_MS: '62000',
    API_KEYS: `ops:${SECRET}:admin`,
    ENCRYPTION_KEY: '0f'.repeat(32),
    CALLBACK_MAX_AGE_MS: '63000',
    CALLBACK_FORWARD_URL: 'https://shop.example/wechat?tenant=1',
    CALLBACK_FORWARD_ALLOW: 'crm, crm.internal, 10.0.0.0/8,fd00::/8, 192.168.1.2, ::1',
    CORS_ORIGINS: 'https://one.example, https://two.example,',
    INTROSPECTION: 'off',
    TRUSTED_DOCUMENTS: documentsPath,
    BODY_LIMIT: '4096',
    LOG_LEVEL: 'debug',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
    PATH: '/usr/bin',
  });
  expect(config).toEqual({
    host: '::1',
    port: 0,
    databaseUrl: 'postgres://user:pass@db/qunfa',
    accounts: [
      {
        appId: 'wx1',
        appSecret: 'hush-secret',
        name: 'Shop',
        type: 'SUBSCRIPTION',
        limits: documentedLimits.SUBSCRIPTION,
        callbackToken: 'hush-token',
        encodingAesKey: KEY,
        encodingAesKeyPrevious: KEY.toUpperCase(),
        callbackForwardUrl: 'https://shop.example/wechat?tenant=1',
      },
    ],
    wechatApiBaseUrl: 'http://127.0.0.1:9000',
    wechatTimeoutMs: 5_000,
    retryPauseMs: 61_000,
    statusPollMs: 62_000,
    apiKeys: [{ name: 'ops', digest: digestOf(SECRET), scopes: ['admin'] }],
    apiKeysFile: null,
    encryptionKey: createSecretKey(Buffer.alloc(32, 15)),
    callbackMaxAgeMs: 63_000,
    callbackForwardAllow: ['crm', 'crm.internal', '10.0.0.0/8', 'fd00::/8', '192.168.1.2', '::1'],
    corsOrigins: ['https://one.example', 'https://two.example'],
    open: false,
    introspection: false,
    trustedDocuments: new Map([['one', '{ __typename }']]),
    bodyLimit: 4_096,
    logLevel: 'debug',
    otlpEndpoint: 'http://127.0.0.1:4318',
    unknownNames: [],
  });
});

it('calls an account by its app id and takes it for a service account where nothing else is said', () => {
  expect(readConfig(ACCOUNT).accounts).toMatchObject([
    { name: 'wx1', type: 'SERVICE', limits: documentedLimits.SERVICE, encodingAesKey: null },
  ]);
});

it.each([
  ['PORT', 'many'],
  ['BODY_LIMIT', '12'],
  ['BODY_LIMIT', 'hush-secret'],
  ['INTROSPECTION', 'hush-secret'],
  ['TRUSTED_DOCUMENTS', '/nowhere/documents.json'],
  ['PORT', '65536'],
  ['PORT', '-1'],
  ['PORT', '1.5'],
  ['DATABASE_URL', 'mysql://hush-secret@host/x'],
  ['DATABASE_URL', 'file:'],
  ['WECHAT_ACCOUNT_TYPE', 'hush-secret'],
  ['WECHAT_ENCODING_AES_KEY', `hush-secret${KEY}`],
  ['WECHAT_ENCODING_AES_KEY_PREVIOUS', 'hush-secret'],
  ['WECHAT_API_BASE_URL', 'ftp://hush-secret'],
  ['WECHAT_API_BASE_URL', 'api.weixin.qq.com'],
  ['WECHAT_API_BASE_URL', 'https://me:hush-secret@proxy.example/wechat'],
  ['WECHAT_API_BASE_URL', 'https://proxy.example/?to=hush-secret'],
  ['WECHAT_TIMEOUT_MS', '0'],
  ['WECHAT_TIMEOUT_MS', 'soon'],
  ['RETRY_PAUSE_MS', '-1'],
  ['STATUS_POLL_MS', '999999999999'],
  ['CALLBACK_MAX_AGE_MS', '0'],
  ['CALLBACK_FORWARD_URL', 'ftp://hush-secret'],
  ['CALLBACK_FORWARD_URL', 'shop.example'],
  ['CALLBACK_FORWARD_ALLOW', '10.0.0.0/33'],
  ['CALLBACK_FORWARD_ALLOW', '10.0.0/8'],
  ['CALLBACK_FORWARD_ALLOW', '10.0.0.0/8/8'],
  ['CALLBACK_FORWARD_ALLOW', 'crm.internal, fd00::/129'],
  ['CALLBACK_FORWARD_ALLOW', 'http://hush-secret'],
  ['CALLBACK_FORWARD_ALLOW', '*'],
  ['LOG_LEVEL', 'loud'],
  ['CORS_ORIGINS', '*'],
  ['CORS_ORIGINS', 'localhost:3000'],
  ['CORS_ORIGINS', 'https://one.example,http://localhost:3000/'],
  ['API_KEYS', 'ops:hush-secret:admin'],
  ['ENCRYPTION_KEY', 'hush-secret'],
  ['ENCRYPTION_KEY', `hush-secret${'0f'.repeat(32)}`],
])('names %s where it is wrong, and does not repeat it: %s', (name, value) => {
  const lines = refusalOf({ ...ACCOUNT, [name]: value });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(new RegExp(`^${name}: .{4,}`));
  expect(lines[0]).not.toContain('hush-secret');
});

it('names everything that is wrong at once', () => {
  const lines = refusalOf({
    HOST: '0.0.0.0',
    PORT: 'x',
    LOG_LEVEL: 'loud',
    WECHAT_APP_ID: 'wx1',
    API_KEYS: 'a:b:read',
  });
  expect(lines.map((line) => line.split(':')[0]).toSorted()).toEqual(
    ['API_KEYS', 'LOG_LEVEL', 'PORT', 'WECHAT_APP_SECRET', 'WECHAT_CALLBACK_TOKEN'].toSorted(),
  );
});

it.each(['WECHAT_APP_ID', 'WECHAT_APP_SECRET', 'WECHAT_CALLBACK_TOKEN'])(
  'names %s where an account lacks it, rather than falling back to the sandbox',
  (name) => {
    const lines = refusalOf({ ...ACCOUNT, [name]: '' });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(new RegExp(`^${name}: missing`));
    expect(lines[0]).not.toContain('hush');
  },
);

it.each(['WECHAT_ACCOUNT_TYPE', 'WECHAT_ACCOUNT_NAME', 'WECHAT_ENCODING_AES_KEY'])(
  'asks for an account where %s stands alone, rather than passing over it',
  (name) => {
    const lines = refusalOf({ [name]: name === 'WECHAT_ACCOUNT_TYPE' ? 'subscription' : KEY });
    expect(lines.map((line) => line.split(':')[0])).toEqual(Object.keys(ACCOUNT));
  },
);

it.each(['127.0.0.1', '127.1.2.3', 'localhost', '::1'])('starts on the loopback address %s', (HOST) => {
  expect(readConfig({ HOST }).host).toBe(HOST);
});

it.each([
  '0.0.0.0',
  '::',
  '192.168.1.10',
  'example.com',
  '127.0.0.1.example.com',
  'localhost.example.com',
  '128.0.0.1',
])('does not start on %s, where others could reach it without a key', (HOST) => {
  expect(refusalOf({ HOST })).toEqual([expect.stringMatching(/^HOST: .*loopback/)]);
});

it.each(['0.0.0.0', '::', '192.168.1.10', 'example.com'])('starts on %s where it has keys', (HOST) => {
  expect(readConfig({ HOST, API_KEYS: `ops:${SECRET}:admin` }).host).toBe(HOST);
});

describe('a file of accounts', () => {
  const one = { appId: 'wx1', appSecret: 'hush-secret', callbackToken: 'hush-token' };

  it('describes several, each with its own type, keys and limits', () => {
    const two = {
      appId: 'wx2',
      appSecret: 'x',
      callbackToken: 'y',
      name: 'Second',
      type: 'subscription',
      encodingAesKey: KEY,
      callbackForwardUrl: 'http://crm.internal:8080/',
      limits: { callsPerDay: 3, sendsToAllPerMonth: null },
    };
    expect(readConfig(fileWith([one, two])).accounts).toEqual([
      {
        ...one,
        name: 'wx1',
        type: 'SERVICE',
        limits: documentedLimits.SERVICE,
        encodingAesKey: null,
        encodingAesKeyPrevious: null,
        callbackForwardUrl: null,
      },
      {
        appId: 'wx2',
        appSecret: 'x',
        callbackToken: 'y',
        name: 'Second',
        type: 'SUBSCRIPTION',
        limits: { ...documentedLimits.SUBSCRIPTION, callsPerDay: 3, sendsToAllPerMonth: null },
        encodingAesKey: KEY,
        encodingAesKeyPrevious: null,
        callbackForwardUrl: 'http://crm.internal:8080/',
      },
    ]);
  });

  it.each([
    ['no JSON', '[{"appId": "wx1", "appSecret": "hush-secret"', /it is not JSON/],
    ['no list', one, /must be a list/],
    ['an empty list', [], /./],
    ['an account without its secret', [{ ...one, appSecret: undefined }], /0\.appSecret/],
    ['a key that is none', [one, { ...one, appId: 'wx2', encodingAesKey: 'hush-key' }], /1\.encodingAesKey/],
    ['an address that is none', [{ ...one, callbackForwardUrl: 'hush' }], /0\.callbackForwardUrl/],
    ['a limit that is none', [{ ...one, limits: { callsPerDay: 'many' } }], /0\.limits\.callsPerDay/],
    ['a field that there is not', [{ ...one, apSecret: 'hush' }], /apSecret/],
    ['an account twice', [one, one], /twice/],
  ])('is refused by its name where it is %s, without a word of its secrets', (_, content, reason) => {
    const lines = refusalOf(fileWith(content));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^WECHAT_ACCOUNTS_FILE\b/);
    expect(lines[0]).toMatch(reason);
    expect(lines[0]).not.toContain('hush');
  });

  it('is named where it cannot be read', () => {
    expect(refusalOf({ ...ACCOUNT, WECHAT_ACCOUNTS_FILE: join(folder, 'nothing.json') })).toEqual(
      ['WECHAT_APP_ID', 'WECHAT_APP_SECRET', 'WECHAT_CALLBACK_TOKEN'].map(
        (name) => `${name}: must not be set beside WECHAT_ACCOUNTS_FILE, which names the accounts`,
      ),
    );
    expect(refusalOf({ WECHAT_ACCOUNTS_FILE: join(folder, 'nothing.json') })).toEqual([
      expect.stringMatching(/^WECHAT_ACCOUNTS_FILE: .*nothing\.json: it cannot be read$/),
    ]);
  });
});

it('takes .env.example as it stands, which has the sandbox stand in', () => {
  const example = parseEnv(readFileSync(join(import.meta.dirname, '../.env.example'), 'utf8'));
  expect(readConfig(example as Record<string, string>)).toEqual(readConfig({}));
});
