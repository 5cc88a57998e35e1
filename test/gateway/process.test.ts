import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import WebSocket from 'ws';
import { createTestDatabase } from '../kit/database.ts';
import { type GatewayProcess, startProcess } from '../kit/gateway-process.ts';
import { subscribe, type Transport } from '../kit/subscribe.ts';

/** The gateway as `npm start` runs it, on a database and a port of its own. */
async function start(env: Record<string, string> = {}) {
  const database = await createTestDatabase();
  const gateway: GatewayProcess = startProcess({ PORT: '0', DATABASE_URL: database.url, ...env });
  return {
    ...gateway,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await database.drop();
    },
  };
}

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
  await using gateway = await start();
  const { url, sandbox } = await gateway.ready;
  expect(sandbox).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(await (await fetch(`${url}/readyz`)).text()).toBe('ready');
  expect(await post(url, '{ accounts { sandbox } }')).toEqual({ data: { accounts: [{ sandbox: true }] } });
  expect(await post(url, SEND)).toMatchObject({ data: { massSend: { campaign: { status: 'SENDING' } } } });
  await using events = await subscribe<any>('SSE', url, EVENTS);
  await events.until((data) => data.events.status === 'SENT');
});

it.each<NodeJS.Signals>(['SIGTERM', 'SIGINT'])(
  'ends with code 0 on %s when nobody is there',
  async (signal) => {
    await using gateway = await start();
    await gateway.ready;
    gateway.child.kill(signal);
    expect(await gateway.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  },
);

it.each<Transport>(['SSE', 'WebSocket'])(
  'ends with code 0 on SIGTERM while somebody is subscribed over %s, and tells them to go on elsewhere',
  async (transport) => {
    await using gateway = await start();
    const { url } = await gateway.ready;
    await post(url, SEND);
    await using events = await subscribe<any>(transport, url, EVENTS);
    await events.next();
    const begun = performance.now();
    gateway.child.kill('SIGTERM');
    const closed = events.until(() => false).catch((error: unknown) => error);
    expect(await gateway.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(performance.now() - begun).toBeLessThan(8_000);
    if (transport === 'SSE') expect(await closed).toEqual(new Error('the subscription has ended'));
    else expect(await closed).toMatchObject({ code: 1001 });
  },
);

it('does not wait for long on SIGTERM for a WebSocket whose other side is deaf', async () => {
  await using gateway = await start();
  const { url } = await gateway.ready;
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  socket.pause();
  const begun = performance.now();
  gateway.child.kill('SIGTERM');
  expect(await gateway.ended).toMatchObject({ code: 0, signal: null });
  expect(performance.now() - begun).toBeLessThan(15_000);
  socket.terminate();
});

it('goes on with what it kept when it is started again', async () => {
  const database = await createTestDatabase();
  const env = { PORT: '0', DATABASE_URL: database.url };
  const first = startProcess(env);
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

it.each([
  [{ PORT: 'many' }, /PORT/],
  [{ HOST: '0.0.0.0' }, /HOST: .*loopback/],
  [{ WECHAT_APP_ID: 'wx1', WECHAT_APP_SECRET: 'hush-hush' }, /WECHAT_CALLBACK_TOKEN: missing/],
  [
    { DATABASE_URL: 'mysql://root:hush-hush@localhost/x' },
    /DATABASE_URL: must begin with file: or postgres:/,
  ],
])('ends with a clear line and no start with the settings %o', async (env, line) => {
  await using gateway = startProcess({ PORT: '0', ...env });
  const { code, stdout, stderr } = await gateway.ended;
  expect(code).toBe(78);
  expect(stdout).toBe('');
  expect(stderr.split('\n')[0]).toBe('qunfa cannot start with these settings:');
  expect(stderr).toMatch(line);
  expect(stderr.trim().split('\n')).toHaveLength(2);
  expect(stderr).not.toContain('hush-hush');
});

it('ends with a line of why where its port is taken', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  await using gateway = await start({ PORT: String(port) });
  const { code, stdout } = await gateway.ended;
  expect(code).toBe(1);
  expect(stdout).toMatch(/the gateway could not start/);
  expect(stdout).toMatch(/EADDRINUSE/);
  other.close();
});

it('ends with a line of why where its database is no database', async () => {
  await using gateway = startProcess({ PORT: '0', DATABASE_URL: 'file:/dev/null/qunfa.sqlite' });
  const { code, stdout, stderr } = await gateway.ended;
  expect(code).toBe(1);
  expect(stdout).toMatch(/the gateway could not start/);
  expect(stderr).toBe('');
});

it('says in one line which Node it needs where it is started on an older one', async () => {
  const older = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })`;
  await using gateway = startProcess({}, ['--import', `data:text/javascript,${encodeURIComponent(older)}`]);
  expect(await gateway.ended).toEqual({
    code: 1,
    signal: null,
    stdout: '',
    stderr:
      'qunfa needs Node 24 and this is 20.20.2: run "npm ci" and then "npm start", which bring their own.\n',
  });
});
