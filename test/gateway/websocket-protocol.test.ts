import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { send, textToTag } from '../kit/actions.ts';
import { EVENTS } from '../kit/event-reading.ts';
import { oneWorld } from '../kit/one-world.ts';
import { pushForeignResults } from '../kit/pushes.ts';
import { until } from '../kit/until.ts';
import { createWorld, type World } from '../kit/world.ts';

/** A line on which everything is said by hand. */
interface Line {
  socket: WebSocket;
  say(...messages: unknown[]): void;
  /** The next message. */
  next(): Promise<any>;
  /** The code and the reason it is closed with. */
  closed: Promise<[number, string]>;
  /** Everything that was heard and not asked for. */
  left: any[];
}

async function openLine(world: World, protocols: string[] = ['graphql-transport-ws']): Promise<Line> {
  const socket = new WebSocket(`${world.url.replace('http', 'ws')}/graphql`, protocols);
  const left: any[] = [];
  let wake = () => {};
  socket.on('message', (data) => {
    left.push(JSON.parse(String(data)));
    wake();
  });
  const closed = once(socket, 'close').then(([code, reason]): [number, string] => [code, String(reason)]);
  await once(socket, 'open');
  return {
    socket,
    left,
    closed,
    say(...messages) {
      for (const message of messages)
        socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    },
    async next() {
      while (left.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return left.shift();
    },
  };
}

const INIT = { type: 'connection_init' };
const subscribe = (id: unknown, query = EVENTS, more: object = {}) => ({
  id,
  type: 'subscribe',
  payload: { query, ...more },
});

async function openInitialised(world: World): Promise<Line> {
  const line = await openLine(world);
  line.say(INIT);
  expect(await line.next()).toEqual({ type: 'connection_ack' });
  return line;
}

const untouched = oneWorld();

describe('a line is closed', () => {
  const full = oneWorld({ limits: { connections: 0 } });
  const cases: [string, unknown[], number, string, (() => World)?][] = [
    ['whose client asks before it was let in', [subscribe('1')], 4401, 'Unauthorized'],
    ['whose client begins twice', [INIT, INIT], 4429, 'Too many initialisation requests'],
    [
      'whose client uses an id twice',
      [INIT, subscribe('1'), subscribe('1')],
      4409,
      'Subscriber for 1 already exists',
    ],
    [
      'whose client uses an id twice that is longer than a reason may be',
      [INIT, subscribe('x'.repeat(200)), subscribe('x'.repeat(200))],
      4409,
      '',
    ],
    ['of a caller that has as many as it may', [INIT], 4429, 'Too many connections', full],
  ];
  it.each(cases)('%s', async (_, messages, code, reason, worldOf = untouched) => {
    const world = worldOf();
    const line = await openLine(world);
    line.say(...messages);
    expect(await line.closed).toEqual([code, reason]);
    await until(() => world.subscribers() === 0);
  });

  it('that speaks another protocol', async () => {
    const world = untouched();
    const socket = new WebSocket(`${world.url.replace('http', 'ws')}/graphql`);
    expect((await once(socket, 'close'))[0]).toBe(4406);
  });

  it('whose client never begins', async () => {
    await using world = await createWorld();
    const line = await openLine(world);
    line.say({ type: 'ping' });
    expect(await line.closed).toEqual([4408, 'Connection initialisation timeout']);
  });

  it.each<[string, unknown]>([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['nothing', 'null'],
    ['a type that there is not', { type: 'start' }],
    ['no type', { id: '1' }],
    ['an operation without an id', subscribe(undefined)],
    ['an operation of an empty id', subscribe('')],
    ['an operation whose id is a number', subscribe(1)],
    ['an operation without a document', { id: '1', type: 'subscribe', payload: {} }],
    ['an operation without a payload', { id: '1', type: 'subscribe' }],
    ['variables that are a list', subscribe('1', EVENTS, { variables: [] })],
    ['a name that is none', subscribe('1', EVENTS, { operationName: 1 })],
    ['extensions that are text', subscribe('1', EVENTS, { extensions: 'x' })],
    ['an end without an id', { type: 'complete' }],
    ['a beginning whose payload is text', { type: 'connection_init', payload: 'x' }],
    ['a ping whose payload is a list', { type: 'ping', payload: [] }],
  ])('that carries %s', async (_, message) => {
    const world = untouched();
    const line = await openInitialised(world);
    line.say(message);
    expect(await line.closed).toEqual([4400, 'Invalid message received']);
  });
});

it('answers pings with what they brought, and takes pongs, before and after the beginning', async () => {
  const world = untouched();
  const line = await openLine(world);
  line.say({ type: 'ping' }, { type: 'ping', payload: { at: 1 } }, { type: 'pong' }, INIT, { type: 'ping' });
  expect([await line.next(), await line.next(), await line.next(), await line.next()]).toEqual([
    { type: 'pong' },
    { type: 'pong', payload: { at: 1 } },
    { type: 'connection_ack' },
    { type: 'pong' },
  ]);
  line.socket.terminate();
});

it('tells the result of a query, then that it is complete; a document that cannot be run is an error and no more', async () => {
  const world = untouched();
  const line = await openInitialised(world);
  line.say(subscribe('a "quoted" id', '{ __typename }'));
  expect(await line.next()).toEqual({
    id: 'a "quoted" id',
    type: 'next',
    payload: { data: { __typename: 'Query' } },
  });
  expect(await line.next()).toEqual({ id: 'a "quoted" id', type: 'complete' });
  for (const query of ['{', '{ nothing }', 'query A { __typename } query B { __typename }']) {
    line.say(subscribe('1', query));
    expect(await line.next()).toMatchObject({
      id: '1',
      type: 'error',
      payload: [{ message: expect.any(String) }],
    });
  }
  // What fails once it runs is a result.
  line.say(subscribe('1', 'subscription { events(after: "x") { id } }'));
  expect(await line.next()).toMatchObject({ id: '1', type: 'next', payload: { errors: [{}] } });
  expect(await line.next()).toEqual({ id: '1', type: 'complete' });
  line.socket.terminate();
});

it('says nothing any more of what a client has ended, and lets the id be used again', async () => {
  await using world = await createWorld();
  const line = await openInitialised(world);
  // The end of what is still being begun, too.
  line.say(subscribe('1'), { id: '1', type: 'complete' }, subscribe('2'), { id: 'none', type: 'complete' });
  await until(() => world.subscribers() === 1);
  // What is said before a ping was heard when it is answered; one of the two alone could have been counted until now.
  line.say({ id: '2', type: 'complete' }, { type: 'ping' });
  expect(await line.next()).toEqual({ type: 'pong' });
  await until(() => world.subscribers() === 0);
  await send(world, textToTag('one'));
  line.say(subscribe('1', '{ __typename }'));
  expect(await line.next()).toMatchObject({ id: '1', type: 'next' });
  expect(await line.next()).toEqual({ id: '1', type: 'complete' });
  expect(line.left).toEqual([]);
  line.socket.terminate();
});

it('tells every subscription of a line under its own id, however long what it tells', async () => {
  await using world = await createWorld();
  const line = await openInitialised(world);
  const ids = ['1', 'é'.repeat(60), '"', 'x'.repeat(70_000)];
  line.say(...ids.map((id) => subscribe(id, 'subscription { events { id } }')));
  await until(() => world.subscribers() === ids.length);
  await pushForeignResults(world, 1);
  const told = [await line.next(), await line.next(), await line.next(), await line.next()];
  expect(new Set(told.map(({ id }) => id))).toEqual(new Set(ids));
  expect(new Set(told.map(({ payload }) => JSON.stringify(payload))).size).toBe(1);
  line.socket.terminate();
});

it('counts a subscription once, also where it is over before it has begun', async () => {
  await using world = await createWorld({ limits: { subscriptions: 2 } });
  const line = await openLine(world);
  line.say({ type: 'connection_init' });
  await line.next();
  const subscribe = (id: string) => line.say({ id, type: 'subscribe', payload: { query: EVENTS } });
  /** Whether it was taken: one that is refused says so. */
  const isOpened = async (id: string): Promise<boolean> => {
    const before = world.subscribers();
    subscribe(id);
    await until(() => world.subscribers() > before || line.left.some((message) => message.id === id));
    return !line.left.some((message) => message.id === id);
  };
  expect(await isOpened('first')).toBe(true);
  for (let count = 0; count < 30; count++) {
    subscribe(`over ${count}`);
    // Sooner or later, so that some end while they begin.
    for (let turns = 0; turns < count % 4; turns++) await new Promise(setImmediate);
    line.say({ id: `over ${count}`, type: 'complete' });
  }
  // All of them were heard when this is answered.
  line.say({ type: 'ping' });
  await until(() => line.left.some(({ type }) => type === 'pong'));
  await until(() => world.subscribers() === 1);
  // Those that end while they begin may still have a share for a moment.
  let tries = 0;
  while (!(await isOpened(`second ${tries}`))) tries++;
  expect(await isOpened('third')).toBe(false);
  line.socket.terminate();
});
