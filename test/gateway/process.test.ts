import { expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { createTestDatabase } from '../kit/database.ts';
import { startOnDatabase, startProcess } from '../kit/gateway-process.ts';
import { subscribe, type Transport } from '../kit/subscribe.ts';

const ACCOUNT = {
  appId: 'wx1111111111111111',
  appSecret: 'a secret',
  type: 'service',
  callbackToken: 'callbacktoken',
} as const;

async function post(url: string, query: string): Promise<any> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return response.json();
}

const SEND = `mutation { massSend(input: {
  idempotencyKey: "one", audience: { tagId: 100 }, message: { text: { content: "hello" } }
}) { ... on MassSendSuccess { campaign { id status } } } }`;
const EVENTS = 'subscription { events(after: "0") { id ... on SendJobChanged { status } } }';

it('starts, says where, sends with the built-in sandbox, and tells of it', async () => {
  await using gateway = await startOnDatabase();
  const { url, sandbox } = await gateway.ready;
  expect(sandbox).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(await (await fetch(`${url}/readyz`)).text()).toBe('ready');
  expect(await post(url, '{ accounts { sandbox } }')).toEqual({ data: { accounts: [{ sandbox: true }] } });
  expect(await post(url, SEND)).toMatchObject({ data: { massSend: { campaign: { status: 'SENDING' } } } });
  await using events = await subscribe<any>('SSE', url, EVENTS);
  await events.until((data) => data.events.status === 'SENT');
});

it('says where its database is, and not who connects to it', async () => {
  await using database = await createTestDatabase().then((made) => ({
    ...made,
    [Symbol.asyncDispose]: made.drop,
  }));
  const isPostgres = database.url.startsWith('postgres:');
  const { host, pathname } = new URL(database.url);
  const url = isPostgres ? `postgres://${host}${pathname}?user=postgres&password=postgres` : database.url;
  await using gateway = startProcess({ PORT: '0', DATABASE_URL: url });
  const { database: shown } = await gateway.ready;
  // The password of the tests is the name of the scheme, too.
  expect(String(shown).split('//').at(-1)).toBe(isPostgres ? `${host}${pathname}` : database.url);
});

it('warns whoever has given it a real account and no keys', async () => {
  await using gateway = await startOnDatabase({
    WECHAT_APP_ID: ACCOUNT.appId,
    WECHAT_APP_SECRET: ACCOUNT.appSecret,
    WECHAT_CALLBACK_TOKEN: ACCOUNT.callbackToken,
  });
  await gateway.said('there are no API keys: whoever reaches this gateway may send to all followers');
});

it.each<NodeJS.Signals>(['SIGTERM', 'SIGINT'])(
  'ends with code 0 on %s when nobody is there',
  async (signal) => {
    await using gateway = await startOnDatabase();
    await gateway.ready;
    gateway.child.kill(signal);
    expect(await gateway.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  },
);

it.each<Transport>(['SSE', 'WebSocket'])(
  'ends with code 0 on SIGTERM while somebody is subscribed over %s, and tells them to go on elsewhere',
  async (transport) => {
    await using gateway = await startOnDatabase();
    const { url } = await gateway.ready;
    await post(url, SEND);
    await using events = await subscribe<any>(transport, url, EVENTS);
    await events.next();
    const begun = performance.now();
    gateway.child.kill('SIGTERM');
    const closed = events.until(() => false).catch((error: unknown) => error);
    expect(await gateway.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    // One that waits for whoever does not go cuts them off after eleven.
    expect(performance.now() - begun).toBeLessThan(11_000);
    // A stream that ended in good order would be told from one that is over by nobody.
    if (transport === 'SSE') expect(await closed).toEqual(new TypeError('terminated'));
    else expect(await closed).toMatchObject({ code: 1001 });
  },
);

it('ends in good order where the shell it was started by dies of SIGTERM, as that of npm does', async () => {
  const database = await createTestDatabase();
  const env = { PORT: '0', DATABASE_URL: database.url, npm_lifecycle_event: 'start' };
  await using gateway = startProcess(env, { below: 'sh' });
  await gateway.ready;
  gateway.child.kill('SIGTERM');
  await gateway.said('closed');
  await gateway.ended;
  await using second = startProcess(env);
  await second.ready;
  second.child.kill('SIGTERM');
  await second.ended;
  await database.drop();
});

it('finishes the call under way on SIGTERM and stores its outcome', async () => {
  const database = await createTestDatabase();
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  await using sandbox = await createSandbox({ accounts: [ACCOUNT], clock: systemClock });
  sandbox.script('/cgi-bin/message/mass/sendall', { gate, when: 'after' });
  const env = {
    PORT: '0',
    DATABASE_URL: database.url,
    WECHAT_API_BASE_URL: sandbox.url,
    WECHAT_APP_ID: ACCOUNT.appId,
    WECHAT_APP_SECRET: ACCOUNT.appSecret,
    WECHAT_CALLBACK_TOKEN: ACCOUNT.callbackToken,
  };
  await using first = startProcess(env);
  const accepted = sandbox.waitFor('accepted');
  const sent = post((await first.ready).url, SEND);
  await accepted;
  first.child.kill('SIGTERM');
  await first.said('closing');
  open();
  expect((await sent).data.massSend.campaign.status).toBe('SENDING');
  expect(await first.ended).toMatchObject({ code: 0, signal: null });
  {
    await using second = startProcess(env);
    const { campaign } = (await post((await second.ready).url, SEND)).data.massSend;
    expect(['SENDING', 'SENT']).toContain(campaign.status);
  }
  expect(sandbox.sends(ACCOUNT.appId)).toHaveLength(1);
  await database.drop();
});

it('goes on with what it kept when it is started again', async () => {
  const database = await createTestDatabase();
  const env = { PORT: '0', DATABASE_URL: database.url };
  await using first = startProcess(env);
  const { data } = await post((await first.ready).url, SEND);
  first.child.kill('SIGTERM');
  await first.ended;
  {
    await using second = startProcess(env);
    const { url } = await second.ready;
    expect((await post(url, SEND)).data.massSend.campaign.id).toBe(data.massSend.campaign.id);
  }
  await database.drop();
});
