import { once } from 'node:events';
import { type Client, createClient } from 'graphql-ws';
import { describe, expect, it, vi } from 'vitest';
import WebSocket from 'ws';
import { send, textToTag } from '../kit/actions.ts';
import { subscribeDeaf } from '../kit/deaf-subscriber.ts';
import { EVENTS, readEvents } from '../kit/event-reading.ts';
import { pushForeignResults } from '../kit/pushes.ts';
import { runSql, takeTableAway } from '../kit/sql.ts';
import { until } from '../kit/until.ts';
import { createWorld, type World } from '../kit/world.ts';

/** One connection for everything. */
const connectTo = (world: World): Client =>
  createClient({
    url: `${world.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    lazy: false,
    onNonLazyError: () => {},
  });

const run = async (client: Client, query: string): Promise<any> =>
  (await client.iterate({ query }).next()).value;

it('serves queries, mutations and subscriptions over one connection, each with its own answers', async () => {
  await using world = await createWorld();
  const client = connectTo(world);
  const all = client.iterate<any>({ query: EVENTS, variables: { after: '0' } });
  const { data } = await run(
    client,
    'mutation { massSend(input: { idempotencyKey: "one", audience: { tagId: 100 }, message: { text: { content: "x" } } }) { ... on MassSendSuccess { campaign { id } } } }',
  );
  const { id } = data.massSend.campaign;
  expect(await run(client, `{ campaign(id: "${id}") { id } }`)).toEqual({ data: { campaign: { id } } });
  expect((await all.next()).value?.data.events).toMatchObject({ campaign: { id }, status: 'PENDING' });
  await client.dispose();
});

it('lets one operation fail without the others of its connection', async () => {
  await using world = await createWorld();
  const client = connectTo(world);
  const events = client.iterate<any>({ query: EVENTS, variables: { after: '0' } });
  const wrong = [
    '{',
    'subscription { events(after: "x") { id } }',
    '{ nothing }',
    'query A { __typename } query B { __typename }',
  ];
  for (const query of wrong) {
    const outcome = await run(client, query).catch((error: unknown) => ({ errors: error }));
    expect(outcome.errors, query).toHaveLength(1);
  }
  await send(world, textToTag('one'));
  expect((await events.next()).value?.data.events).toMatchObject({ status: 'PENDING' });
  await client.dispose();
});

it('keeps nothing of the operations of a connection that are over', async () => {
  await using world = await createWorld();
  const warnings: Error[] = [];
  const warn = (warning: Error) => void warnings.push(warning);
  process.on('warning', warn);
  const client = connectTo(world);
  for (let count = 0; count < 30; count++) await run(client, '{ __typename }');
  const open = Array.from({ length: 30 }, () => client.iterate({ query: EVENTS, variables: { after: '0' } }));
  await until(() => world.subscribers() === 30);
  await Promise.all(open.map((events) => events.return?.()));
  await until(() => world.subscribers() === 0);
  await client.dispose();
  process.off('warning', warn);
  expect(warnings).toEqual([]);
});

it('does not wait for a deaf connection when the gateway closes', async () => {
  await using world = await createWorld();
  await using deaf = await subscribeDeaf(world, 'WebSocket', 'subscription { events { id } }');
  const restarted = world.restart();
  await world.clock.waitForTimer(11_000);
  await world.clock.advance(11_000);
  await restarted;
  await deaf.readToTheEnd();
});

it.each(['SSE', 'WebSocket'] as const)(
  'cuts a subscriber over %s off whose events cannot be read, says so to the log alone, and lets it resume',
  async (transport) => {
    await using world = await createWorld();
    const pushed = await pushForeignResults(world, 1);
    // A first one who is up to date; the second has to be read for.
    await using upToDate = await readEvents(world, transport);
    await using missing = await takeTableAway(world.config.databaseUrl, 'events');
    await using behind = await world.subscribe<any>(transport, EVENTS, { after: '0' });
    const error = await behind.next().catch((error: unknown) => error);
    expect(JSON.stringify(error) + String(error)).not.toMatch(/select|table|relation/);
    expect(world.log.filter(({ level }) => level === 'error')).not.toEqual([]);
    await missing.putBack();
    await using again = await world.subscribe<any>(transport, EVENTS, { after: '0' });
    expect((await again.next()).events).toMatchObject({ msgId: pushed[0] });
    await upToDate.close();
  },
);

const open = async (world: World): Promise<WebSocket> => {
  const socket = new WebSocket(`${world.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  return socket;
};

it('does no more for a client that asks on and on and reads nothing, and answers all of it once it reads', async () => {
  await using world = await createWorld();
  const { campaign } = await send(world, textToTag('one'));
  // Far longer than one may be, so that a few answers fill the line.
  await runSql(world.config.databaseUrl, `update campaigns set label = '${'l'.repeat(150_000)}'`);
  const socket = await open(world);
  await using _ = { [Symbol.asyncDispose]: async () => socket.terminate() };
  socket.send('{"type":"connection_init"}');
  await once(socket, 'message');
  socket.pause();
  const completed: string[] = [];
  socket.on('message', (data) => {
    const { id, type } = JSON.parse(String(data));
    if (type === 'complete') completed.push(id);
  });
  const payload = {
    query: 'query ($id: ID!) { campaign(id: $id) { a: label b: label } }',
    variables: { id: campaign.id },
  };
  const asked = Array.from({ length: 400 }, (_, index) => String(index));
  const before = world.sql.length;
  for (const id of asked) socket.send(JSON.stringify({ id, type: 'subscribe', payload }));
  const read = () => world.sql.slice(before).filter((sql) => /^select.* from "campaigns"/.test(sql)).length;
  await until(() => read() > 0);
  // Others are served meanwhile.
  for (let turn = 0; turn < 20; turn++) await world.query('{ accounts { id } }');
  expect(read()).toBeLessThan(200);
  socket.resume();
  await until(() => completed.length === asked.length);
  expect(completed.toSorted()).toEqual(asked.toSorted());
  expect(read()).toBe(asked.length);
});

it('says nothing of HTTP in its errors', async () => {
  await using world = await createWorld();
  const client = connectTo(world);
  const wrong = [
    '{ nothing }',
    '{',
    '{ campaigns(first: 0) { totalCount } }',
    '{ messageStatus(msgId: "1", account: "x") { __typename } }',
    'subscription { events(after: "x") { id } }',
    `{ ${'__typename '.repeat(6_000)} }`,
  ];
  for (const query of wrong) {
    const answer = await run(client, query).catch((errors: unknown) => ({ errors }));
    expect(JSON.stringify(answer)).not.toMatch(/"http"|"spec"/);
  }
  await client.dispose();
});

describe('what is no message is told to the log alone', () => {
  it.each<[string, (socket: WebSocket) => void, number]>([
    ['no JSON', (socket) => socket.send('{'), 4400],
    ['a message of a server', (socket) => socket.send('{"type":"connection_ack"}'), 4400],
    ['bytes that are no text', (socket) => socket.send(Buffer.from([0xff]), { binary: false }), 1007],
    [
      'a frame that no server takes',
      (socket) => (socket as any)._socket.write(Buffer.from([0xf1, 0x80])),
      1002,
    ],
    ['a frame without end', (socket) => socket.send('x'.repeat(9 * 1024 * 1024)), 1009],
  ])('%s', async (_, spoil, code) => {
    await using world = await createWorld();
    const written = vi.spyOn(console, 'error');
    const socket = await open(world);
    socket.on('error', () => {});
    const closed = once(socket, 'close');
    spoil(socket);
    expect((await closed)[0]).toBe(code);
    expect(written).not.toHaveBeenCalled();
    written.mockRestore();
    expect(world.log.filter(({ level }) => level !== 'info' && level !== 'debug')).toEqual([]);
    expect(world.log.filter(({ message }) => message.includes('WebSocket')).length).toBeLessThanOrEqual(1);
    expect(await world.query('{ __typename }')).toBeTruthy();
  });
});

it('hears what comes behind very many sends that wait for their answers', async () => {
  await using world = await createWorld({ account: { limits: { callsPerMinute: 2, callsPerDay: 1_000 } } });
  const client = connectTo(world);
  const sends = Array.from({ length: 150 }, (_, index) => {
    const query = `mutation { massSend(input: {
      idempotencyKey: "${index}", audience: { tagId: 100 }, message: { text: { content: "hello" } }
    }) { __typename } }`;
    return client.iterate({ query }).next();
  });
  expect(await run(client, '{ __typename }')).toEqual({ data: { __typename: 'Query' } });
  for (const sending of sends) void sending.catch(() => {});
  await client.dispose();
});
