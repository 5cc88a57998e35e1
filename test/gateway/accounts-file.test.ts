import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { silentLog } from '../../src/log.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { startGateway } from '../../src/server.ts';
import { createTestDatabase } from '../kit/database.ts';
import { createFakeClock } from '../kit/fake-clock.ts';

const KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
const accounts = [
  { appId: 'wx1', appSecret: 'the first secret', name: '第一', callbackToken: 'one', encodingAesKey: KEY },
  {
    appId: 'wx2',
    appSecret: 'the second secret',
    type: 'subscription',
    callbackToken: 'two',
    limits: { callsPerDay: 2 },
  },
];

function withFile<T>(content: string, use: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'qunfa-accounts-'));
  const path = join(folder, 'accounts.json');
  writeFileSync(path, content);
  try {
    return use(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const read = (content: unknown, env: Record<string, string> = {}) =>
  withFile(typeof content === 'string' ? content : JSON.stringify(content), (path) =>
    readConfig({ ...env, WECHAT_ACCOUNTS_FILE: path }),
  );

it('reads several accounts with what is set and what is documented for the rest', () => {
  expect(read(accounts).accounts).toEqual([
    {
      appId: 'wx1',
      appSecret: 'the first secret',
      name: '第一',
      type: 'SERVICE',
      callbackToken: 'one',
      encodingAesKey: KEY,
      encodingAesKeyPrevious: null,
      callbackForwardUrl: null,
      limits: {
        callsPerMinute: 60,
        callsPerDay: 100,
        sendsToAllPerDay: null,
        sendsToAllPerMonth: 4,
        previewsPerDay: 100,
      },
    },
    {
      appId: 'wx2',
      appSecret: 'the second secret',
      name: 'wx2',
      type: 'SUBSCRIPTION',
      callbackToken: 'two',
      encodingAesKey: null,
      encodingAesKeyPrevious: null,
      callbackForwardUrl: null,
      limits: {
        callsPerMinute: 60,
        callsPerDay: 2,
        sendsToAllPerDay: 1,
        sendsToAllPerMonth: null,
        previewsPerDay: 100,
      },
    },
  ]);
});

describe('is refused without a secret in the message', () => {
  it.each<[string, unknown]>([
    ['no JSON', '[{"appId":"wx1","appSecret":"the first secret",}]'],
    ['no list', { appId: 'wx1', appSecret: 'the first secret', callbackToken: 'one' }],
    ['an empty list', []],
    ['an account twice', [accounts[0], accounts[0]]],
    ['an account without a secret', [{ appId: 'wx1', callbackToken: 'one' }]],
    ['an account without a callback token', [{ appId: 'wx1', appSecret: 'the first secret' }]],
    ['a setting that there is not', [{ ...accounts[0], appsecret: 'the first secret' }]],
    ['a key of the wrong length', [{ ...accounts[0], encodingAesKey: 'the first secret' }]],
    ['a kind that there is not', [{ ...accounts[0], type: 'the first secret' }]],
    ['a negative limit', [{ ...accounts[0], limits: { callsPerDay: -1 } }]],
  ])('%s', (_, content) => {
    expect(() => read(content)).toThrowError(/^WECHAT_ACCOUNTS_FILE/);
    expect(() => read(content)).not.toThrowError(/the first secret/);
  });

  it('a file that is not there', () => {
    expect(() => readConfig({ WECHAT_ACCOUNTS_FILE: '/nowhere/accounts.json' })).toThrowError(
      'it cannot be read',
    );
  });
});

it('makes a gateway of several accounts', async () => {
  const clock = createFakeClock();
  const database = await createTestDatabase();
  await using sandbox = await createSandbox({
    clock,
    accounts: [
      { appId: 'wx1', appSecret: 'the first secret', type: 'service' },
      { appId: 'wx2', appSecret: 'the second secret', type: 'subscription' },
    ],
  });
  const config = read(accounts, { PORT: '0', DATABASE_URL: database.url, WECHAT_API_BASE_URL: sandbox.url });
  const gateway = await startGateway({ config, clock, log: silentLog });
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ accounts { appId name type sandbox tags { id } quotas { limit } } }' }),
  });
  const { data } = (await response.json()) as any;
  expect(data.accounts).toMatchObject([
    { appId: 'wx1', name: '第一', type: 'SERVICE', sandbox: false, tags: expect.any(Array) },
    { appId: 'wx2', name: 'wx2', type: 'SUBSCRIPTION', quotas: [{}, { limit: 2 }, {}, {}] },
  ]);
  await gateway.close();
  await database.drop();
});
