import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { biViews } from '../../src/db/bi-views.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { canaries, findLeaks } from '../kit/canaries.ts';
import { createCollector } from '../kit/collector.ts';
import { createTestDatabase } from '../kit/database.ts';
import { PREVIEW, SENDALL, STABLE_TOKEN } from '../kit/endpoints.ts';
import { startProcess } from '../kit/gateway-process.ts';
import { withPassword } from '../kit/postgres-databases.ts';
import { dumpRows } from '../kit/sql.ts';
import { subscribe } from '../kit/subscribe.ts';

const APP_ID = 'wx1111111111111111';

const settings = (sandboxUrl: string, databaseUrl: string, collectorUrl: string) => ({
  PORT: '0',
  DATABASE_URL: databaseUrl,
  LOG_LEVEL: 'trace',
  WECHAT_API_BASE_URL: sandboxUrl,
  WECHAT_TIMEOUT_MS: '500',
  RETRY_PAUSE_MS: '200',
  STATUS_POLL_MS: '200',
  WECHAT_APP_ID: APP_ID,
  WECHAT_APP_SECRET: canaries.appSecret,
  WECHAT_CALLBACK_TOKEN: canaries.callbackToken,
  WECHAT_ENCODING_AES_KEY: canaries.aesKey,
  WECHAT_ENCODING_AES_KEY_PREVIOUS: canaries.previousAesKey,
  API_KEYS: `me:${canaries.apiKey}:admin`,
  ENCRYPTION_KEY: canaries.encryptionKey,
  OTEL_EXPORTER_OTLP_ENDPOINT: collectorUrl,
  OTEL_EXPORTER_OTLP_HEADERS: `x-key=${canaries.otlpHeader}`,
});

const SEND = `mutation ($input: MassSendInput!) { massSend(input: $input) {
  __typename ... on MassSendSuccess { campaign { id status failure { reason rawStatus } } }
  ... on WechatError { message errmsg } ... on Error { message }
} }`;
const input = (idempotencyKey: string) => ({
  idempotencyKey,
  audience: { tagId: 100 },
  message: { text: { content: 'hello' } },
});

/** Everything that a gateway answers, by what was asked. */
function createUser(url: string) {
  const heard: Record<string, string> = {};
  let asked = 0;
  async function ask(path: string, init: RequestInit = {}): Promise<string> {
    const response = await fetch(url + path, {
      ...init,
      headers: { authorization: `Bearer ${canaries.apiKey}`, ...init.headers },
    });
    const text = await response.text();
    const headers = JSON.stringify([...response.headers]);
    asked += 1;
    heard[`answer ${asked} to ${path.split('?')[0]}`] = `${response.status} ${headers} ${text}`;
    return text;
  }
  const graphql = (body: unknown): Promise<string> =>
    ask('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return {
    heard,
    ask,
    graphql,
    send: (key: string) => graphql({ query: SEND, variables: { input: input(key) } }),
  };
}

const tokensOf = ({ requests }: Sandbox): string[] => [
  ...new Set(requests.flatMap(({ query }) => (query.access_token ? [query.access_token] : []))),
];

/** Whoever has none, and whoever has mistyped it, in every place where somebody might put a key. */
async function askWithWrongKeys(
  url: string,
  ask: ReturnType<typeof createUser>['ask'],
  heard: Record<string, string>,
): Promise<void> {
  const { wrongKey } = canaries;
  const query = '{ accounts { name } }';
  const body = JSON.stringify({ query });
  for (const authorization of ['', wrongKey, `Bearer ${wrongKey}`, `Basic ${btoa(`me:${wrongKey}`)}`]) {
    for (const accept of ['application/json', 'text/event-stream']) {
      const headers = { authorization, accept, 'content-type': 'application/json' };
      await ask('/graphql', { method: 'POST', headers, body });
    }
    for (const path of ['/metrics', '/report', '/export/campaigns.csv'])
      await ask(path, { headers: { authorization } });
    const first = subscribe('WebSocket', url, `subscription { events { id } }`, {}, authorization);
    heard[`WebSocket with ${authorization.length} characters`] = await first
      .then((results) => results.next())
      .then(JSON.stringify, String);
  }
  for (const key of [wrongKey, canaries.apiKey]) {
    const inQuery = new URLSearchParams({ query, key, api_key: key, authorization: `Bearer ${key}` });
    for (const path of ['/graphql', '/report', '/nothing'])
      await ask(`${path}?${inQuery}`, { headers: { authorization: '' } });
  }
}

async function backUp(databaseUrl: string): Promise<string> {
  const path = join(mkdtempSync(join(tmpdir(), 'qunfa-leaks-')), 'backup.sqlite');
  execFileSync(process.execPath, [join(import.meta.dirname, '../../scripts/backup.ts'), path], {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH, DATABASE_URL: databaseUrl },
  });
  const bytes = readFileSync(path, 'latin1');
  rmSync(dirname(path), { recursive: true });
  return bytes;
}

it('lets no secret out: not in logs, answers, frames, metrics, traces, exports, rows or backups', async () => {
  const database = await createTestDatabase();
  const isFile = database.url.startsWith('file:');
  const own = isFile ? database : await withPassword(database.url, canaries.databasePassword);
  await using collector = await createCollector();
  await using sandbox = await createSandbox({
    accounts: [
      {
        appId: APP_ID,
        appSecret: canaries.appSecret,
        type: 'service',
        callbackToken: canaries.callbackToken,
        encodingAesKey: canaries.aesKey,
      },
    ],
    clock: systemClock,
  });
  await using gateway = startProcess(settings(sandbox.url, own.url, collector.url));
  const { url } = await gateway.ready;
  const { heard, ask, graphql, send } = createUser(url);
  const callback = `${url}/wechat/callback/${APP_ID}`;
  sandbox.setCallbackUrl(APP_ID, callback);
  const frames: unknown[] = [];
  const EVENTS =
    'subscription { events(after: "0") { id at ... on SendJobChanged { status } ... on MassSendJobFinished { rawStatus } } }';
  await using sse = await subscribe<any>('SSE', url, EVENTS, {}, canaries.apiKey);
  await using socket = await subscribe<any>('WebSocket', url, EVENTS, {}, canaries.apiKey);

  // No token at first, for every reason.
  sandbox.script(
    STABLE_TOKEN,
    { errcode: 40125, errmsg: `invalid appsecret ${canaries.appSecret}` },
    { html: 502 },
    { drop: 'before' },
    { hang: 'before' },
  );
  for (const reason of ['refused', 'html', 'broken', 'hanging'])
    await graphql({ query: `query { account { tags { id } } } # ${reason}` });
  await send('ok');
  const [token = ''] = tokensOf(sandbox);
  expect(token).not.toBe('');
  // What WeChat says may quote the token, the secret, or the address with both.
  const quoting = `rid: 1-2-3 ${token} ${canaries.appSecret} /x?access_token=${token}&secret=${canaries.appSecret}`;
  sandbox.script(SENDALL, { errcode: 40003, errmsg: quoting });
  await send('refused');
  for (const fault of [
    { drop: 'after' as const },
    { html: 502 },
    { body: quoting },
    { body: JSON.stringify({ errcode: 99999, errmsg: quoting }) },
    { hang: 'before' as const },
  ]) {
    sandbox.script(SENDALL, fault);
    await send(JSON.stringify(fault).slice(0, 20));
  }
  sandbox.script(PREVIEW, { errcode: 40003, errmsg: quoting }, { body: `<html>${quoting}</html>` });
  for (const content of ['one', 'two']) {
    await graphql({
      query:
        'mutation ($input: PreviewInput!) { preview(input: $input) { __typename ... on Error { message } } }',
      variables: { input: { to: { wxName: 'wx_somebody' }, message: { text: { content } } } },
    });
  }
  sandbox.revokeToken(APP_ID);
  await send('with another token');

  for (const body of [
    '{ broken',
    { query: '{ nothing }' },
    { query: '{ campaign(id: "no such") { id } campaigns(first: -1) { nodes { id } } }' },
    {
      query:
        'query { accounts { name appId quotas { kind used } } campaigns { nodes { id failure { reason rawStatus code } } } }',
    },
  ])
    await graphql(body);
  const forged = new URLSearchParams({ signature: 'x', timestamp: '1', nonce: '2', msg_signature: 'y' });
  for (const query of ['', `?${forged}`, `?${forged}&encrypt_type=aes`, `?echostr=1&${forged}`]) {
    await ask(`/wechat/callback/${APP_ID}${query}`, {
      method: 'POST',
      body: '<xml><Encrypt>AAAA</Encrypt></xml>',
    });
    await ask(`/wechat/callback/${APP_ID}${query}`);
  }
  for (const view of biViews)
    for (const format of ['csv', 'jsonl', 'parquet']) await ask(`/export/${view.name}.${format}`);
  for (const path of [
    '/report',
    '/metrics',
    '/healthz',
    '/readyz',
    '/',
    '/graphql',
    '/nothing',
    '/export/nothing.csv',
  ])
    await ask(path, { headers: { accept: 'text/html' } });
  for (const results of [sse, socket]) {
    frames.push(await results.next());
    await results.until((data) => {
      frames.push(data);
      return data.events.rawStatus === 'send success';
    });
  }

  await askWithWrongKeys(url, ask, heard);
  await graphql({
    query:
      '{ auditTrail(first: 100) { head nodes { caller address action target outcome arguments requestId hash } } }',
  });
  await ask('/metrics');
  const rows = await dumpRows(own.url);
  const backup = isFile ? await backUp(own.url) : '';

  gateway.child.kill('SIGTERM');
  const { code, stdout, stderr } = await gateway.ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const texts = {
    ...heard,
    frames: JSON.stringify(frames),
    rows,
    backup,
    stdout,
    stderr,
    traces: collector.bodies.join('\n'),
  };
  const tokens = tokensOf(sandbox);
  expect(tokens.length).toBeGreaterThan(1);
  const secrets = {
    ...canaries,
    ...Object.fromEntries(tokens.map((each, index) => [`token ${index}`, each])),
  };
  expect(findLeaks(texts, secrets)).toEqual([]);
  // It has looked at something: each of these says what it is about.
  expect(stdout).toContain('WeChat accepted the send');
  expect(texts.traces).toContain('wechat sendToFilter');
  expect(texts.frames).toContain('send success');
  expect(Object.keys(heard).length).toBeGreaterThan(70);
  expect(Object.values(heard).filter((text) => text.startsWith('401 ')).length).toBeGreaterThan(15);
  expect(Object.values(heard).join()).toContain('"action":"massSend"');
  expect(rows).toContain('sendToFilter');
  if (isFile) expect(backup).toContain('SQLite format 3');
  else await own.drop();
  await database.drop();
});

it.each<Record<string, string>>([
  { DATABASE_URL: `postgres://root:${canaries.databasePassword}@127.0.0.1:1/qunfa` },
  { DATABASE_URL: `mysql://root:${canaries.databasePassword}@127.0.0.1:1/qunfa` },
  { API_KEYS: `${canaries.apiKey}` },
  { API_KEYS: `name:${canaries.apiKey}:nothing` },
  { WECHAT_ENCODING_AES_KEY: `${canaries.aesKey}-too-long` },
  { WECHAT_APP_ID: APP_ID, WECHAT_APP_SECRET: canaries.appSecret },
  { WECHAT_ACCOUNTS_FILE: `/nowhere/${APP_ID}.json`, WECHAT_APP_SECRET: canaries.appSecret },
  { HOST: '0.0.0.0', WECHAT_CALLBACK_TOKEN: canaries.callbackToken },
  { PORT: 'many', ENCRYPTION_KEY: canaries.encryptionKey.slice(1) },
])('says what is wrong with settings without quoting a secret (%#)', async (env) => {
  await using gateway = startProcess({ PORT: '0', LOG_LEVEL: 'trace', ...env });
  const { code, stdout, stderr } = await gateway.ended;
  expect(code).not.toBe(0);
  const parts = { ...canaries, cut: canaries.encryptionKey.slice(1) };
  expect(findLeaks({ stdout, stderr }, parts)).toEqual([]);
});

it('would find a secret in every form in which it could be written', () => {
  const secrets = { secret: canaries.appSecret };
  const forms = [
    canaries.appSecret,
    JSON.stringify({ message: canaries.appSecret }),
    `GET /x?secret=${encodeURIComponent(canaries.appSecret)}`,
    new URLSearchParams({ secret: canaries.appSecret }).toString(),
    Buffer.from(canaries.appSecret).toString('base64'),
  ];
  for (const text of forms) expect(findLeaks({ text }, secrets), text).toHaveLength(1);
  expect(findLeaks({ text: 'CANARY' }, secrets)).toEqual([]);
});
