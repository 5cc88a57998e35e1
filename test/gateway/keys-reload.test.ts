import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { digestOf } from '../../src/access/api-key.ts';
import { send, textToTag } from '../kit/actions.ts';
import { bearer } from '../kit/bearer.ts';
import { createTestDatabase } from '../kit/database.ts';
import { nextRequest, SENDALL } from '../kit/endpoints.ts';
import { EVENTS } from '../kit/event-reading.ts';
import { startProcess } from '../kit/gateway-process.ts';
import { askOver, type KeyName, SECRETS } from '../kit/keys.ts';
import type { Transport } from '../kit/subscribe.ts';
import { until } from '../kit/until.ts';
import { createWorld, type World } from '../kit/world.ts';

const folder = mkdtempSync(join(tmpdir(), 'qunfa-keys-'));
const path = join(folder, 'keys');
afterAll(() => rmSync(folder, { recursive: true }));

const READER = `reader:${SECRETS.reader}:read`;
const SENDER = `sender:${SECRETS.sender}:send`;
const ADMIN = `admin:${SECRETS.admin}:admin`;

const write = (...lines: string[]): void => writeFileSync(path, `# who may ask\n\n${lines.join('\n')}\n`);

async function withFile(...lines: string[]): Promise<World> {
  write(...lines);
  return createWorld({ env: { API_KEYS_FILE: path } });
}

async function reload(world: World, ...lines: string[]): Promise<void> {
  write(...lines);
  await world.reloadKeys();
}

const statusOf = async (world: World, key: KeyName): Promise<number> =>
  (await world.post({ query: '{ accounts { appId } }' }, bearer(SECRETS[key]))).status;

const trailOf = async (world: World): Promise<any[]> => {
  const query = '{ auditTrail(action: "reloadKeys") { nodes { caller address outcome arguments } } }';
  return (await askOver.HTTP(world, SECRETS.admin, query)).data.auditTrail.nodes;
};

it('takes new keys and lets go of old ones without a restart', async () => {
  await using world = await withFile(READER);
  expect([await statusOf(world, 'reader'), await statusOf(world, 'sender')]).toEqual([200, 401]);
  await reload(world, SENDER, ADMIN);
  expect([await statusOf(world, 'reader'), await statusOf(world, 'sender')]).toEqual([401, 200]);
  expect(await trailOf(world)).toEqual([
    {
      caller: 'operator',
      address: null,
      outcome: 'DONE',
      arguments: '{"added":["sender","admin"],"changed":[],"removed":["reader"]}',
    },
  ]);
});

it('takes the hash of a secret for the secret', async () => {
  await using world = await withFile(`reader:sha256:${digestOf(SECRETS.reader)}:read`);
  expect(await statusOf(world, 'reader')).toBe(200);
});

describe.each<Transport>(['SSE', 'WebSocket'])('a subscription over %s', (transport) => {
  const READS = `reader:${SECRETS.reader}:read`;
  it.each([
    ['is removed', [ADMIN]],
    ['has another secret', [ADMIN, 'reader:another-secret-of-the-reader:read']],
    ['has another scope', [ADMIN, `reader:${SECRETS.reader}:send`]],
  ])('is closed when its key %s, and others go on', async (_, lines) => {
    await using world = await withFile(READS, ADMIN);
    await using closed = await world.subscribe<any>(transport, EVENTS, { after: '0' }, SECRETS.reader);
    await using open = await world.subscribe<any>(transport, EVENTS, { after: '0' }, SECRETS.admin);
    const ended = closed.next().catch((error: unknown) => error);
    const told = open.next();
    await until(() => world.subscribers() === 2);
    await reload(world, ...lines);
    const error = await ended;
    if (transport === 'WebSocket') expect(error).toMatchObject({ code: 4403 });
    else expect(error).toBeInstanceOf(Error);
    await until(() => world.subscribers() === 1);
    await askOver.HTTP(world, SECRETS.admin, SENT);
    expect((await told).events).toMatchObject({ status: 'PENDING' });
  });

  it('goes on where its key stays as it is', async () => {
    await using world = await withFile(READS, ADMIN);
    await using events = await world.subscribe<any>(transport, EVENTS, { after: '0' }, SECRETS.reader);
    const told = events.next();
    await until(() => world.subscribers() === 1);
    await reload(world, ADMIN, SENDER, READS);
    await askOver.HTTP(world, SECRETS.admin, SENT);
    expect((await told).events).toMatchObject({ status: 'PENDING' });
  });
});

const SENT =
  'mutation { massSend(input: { idempotencyKey: "one", audience: { tagId: 100 }, message: { text: { content: "x" } } }) { __typename ... on MassSendSuccess { campaign { status } } } }';

it('does nothing more for a connection that stays although it was told to go', async () => {
  await using world = await withFile(SENDER, ADMIN);
  const socket = new WebSocket(`${world.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: bearer(SECRETS.sender) }));
  await once(socket, 'message');
  // It reads nothing, so it does not know that it is over, and goes on asking.
  socket.pause();
  await reload(world, ADMIN);
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: SENT } }));
  // Frames come in order: once this side is closed too, what was asked for has arrived.
  const closed = once(socket, 'close');
  socket.resume();
  expect((await closed)[0]).toBe(4403);
  const query = '{ auditTrail(action: "massSend") { nodes { outcome } } }';
  expect(await askOver.HTTP(world, SECRETS.admin, query)).toEqual({ data: { auditTrail: { nodes: [] } } });
  expect(world.sandbox.sends(world.appId)).toEqual([]);
});

it('lets a mutation that is under way end, and tells its caller how', async () => {
  await using world = await withFile(SENDER, ADMIN);
  const gate = Promise.withResolvers<void>();
  world.sandbox.script(SENDALL, { gate: gate.promise, when: 'after' });
  const called = nextRequest(world, SENDALL);
  const answer = askOver.HTTP(world, SECRETS.sender, SENT);
  await called;
  await reload(world, ADMIN);
  gate.resolve();
  expect((await answer).data.massSend).toMatchObject({ campaign: { status: 'SENDING' } });
});

it.each([
  ['there is no key in it', ''],
  ['one of them is wrong', `${ADMIN}\nreader:short:read`],
])('goes on with the keys of before where %s', async (_, content) => {
  await using world = await withFile(ADMIN);
  await reload(world, content);
  expect([await statusOf(world, 'admin'), await statusOf(world, 'reader')]).toEqual([200, 401]);
  expect(await trailOf(world)).toMatchObject([{ outcome: 'FAILED', arguments: null }]);
  expect(world.log.filter(({ level }) => level === 'error')).toHaveLength(1);
});

it('goes on with the keys of before where the file is gone', async () => {
  await using world = await withFile(ADMIN);
  rmSync(path);
  await world.reloadKeys();
  expect(await statusOf(world, 'admin')).toBe(200);
  expect(await trailOf(world)).toMatchObject([{ outcome: 'FAILED' }]);
});

it('never lets a secret out by a reload, in the log, in the trail or in an answer', async () => {
  await using world = await withFile(READER, ADMIN);
  await reload(world, SENDER, ADMIN);
  await reload(world, `${SECRETS.reader}`, ADMIN);
  await send(world, textToTag('one')).catch(() => {});
  const trail = await askOver.HTTP(
    world,
    SECRETS.admin,
    '{ auditTrail { nodes { arguments caller target } } }',
  );
  const said = JSON.stringify([trail, world.log], (_, value) =>
    value instanceof Error ? `${value.stack} ${value.cause}` : value,
  );
  for (const secret of Object.values(SECRETS)) {
    expect(said).not.toContain(secret);
    expect(said).not.toContain(digestOf(secret));
  }
});

describe('on SIGHUP', () => {
  it('the process reads its keys again, and goes on', async () => {
    const database = await createTestDatabase();
    write(READER);
    {
      await using gateway = startProcess({ PORT: '0', DATABASE_URL: database.url, API_KEYS_FILE: path });
      const { url } = await gateway.ready;
      const ask = async (key: KeyName) =>
        (await fetch(`${url}/graphql?query={accounts{appId}}`, { headers: bearer(SECRETS[key]) })).status;
      expect([await ask('reader'), await ask('admin')]).toEqual([200, 401]);
      for (const [lines, expected] of [
        [[ADMIN], [401, 200]],
        [[READER], [200, 401]],
      ] as const) {
        write(...lines);
        gateway.child.kill('SIGHUP');
        while ((await ask('reader')) !== expected[0]) await new Promise(setImmediate);
        expect(await ask('admin')).toBe(expected[1]);
      }
      gateway.child.kill('SIGTERM');
      expect(await gateway.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    }
    await database.drop();
  });

  it('the process ends in good order where it has no file of keys', async () => {
    const database = await createTestDatabase();
    {
      await using gateway = startProcess({ PORT: '0', DATABASE_URL: database.url });
      await gateway.ready;
      gateway.child.kill('SIGHUP');
      expect(await gateway.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    }
    await database.drop();
  });
});
