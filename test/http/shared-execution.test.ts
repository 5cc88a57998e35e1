import { buildSchema, type ExecutionArgs, parse } from 'graphql';
import { expect, it } from 'vitest';
import type { Caller } from '../../src/access/keyring.ts';
import { Scope } from '../../src/access/scope.ts';
import type { EventRow } from '../../src/db/job-changes.ts';
import { createEventLog } from '../../src/events/event-log.ts';
import type { EventStream } from '../../src/events/event-stream.ts';
import type { Feed } from '../../src/http/feed.ts';
import { createSharedExecution } from '../../src/http/shared-execution.ts';
import type { Sink } from '../../src/http/sink.ts';
import { silentLog } from '../../src/log.ts';
import { sourceOf } from '../../src/resolvers/subscription-source.ts';
import type { Context } from '../../src/schema/context.ts';
import { createMemoryStore, type MemoryEvent } from '../events/memory-store.ts';
import { createFakeClock } from '../kit/fake-clock.ts';

const schema = buildSchema(`
  type Query { none: Int }
  type Subscription { events(after: ID): Event }
  type Event { id: ID who: String nested(depth: Int, after: ID): Int fails: Int slow: Int }
`);

const callerOf = (name: string, ...scopes: Scope[]): Caller => ({
  name,
  scopes: new Set(scopes),
  address: null,
  isRevoked: () => false,
  onRevoked: () => () => {},
});

const READER = callerOf('reader', Scope.READ);

interface Asked {
  query?: string;
  variables?: Record<string, unknown>;
  operationName?: string;
  caller?: Caller;
  cost?: boolean;
  campaignId?: string;
  after?: number;
}

function createWorld() {
  const store = createMemoryStore();
  const clock = createFakeClock();
  const log = createEventLog<MemoryEvent>({ store, clock, onCommit: store.onCommit, log: silentLog });
  let executions = 0;
  let masked = 0;
  const shared = createSharedExecution({
    events: log as never,
    shares: { giveBack: (caller) => void ended.push(caller) },
    mask: (error) => {
      masked++;
      return error as Error;
    },
    contextOf: (caller) => {
      executions++;
      return { caller } as Context;
    },
  });
  const ended: Caller[] = [];
  const slow = Promise.withResolvers<void>();

  async function follow(
    asked: Asked,
    take: (payloads: string[], more: () => void) => void = (_, more) => more(),
  ) {
    const { query = 'subscription { events { id who } }', caller = READER, campaignId, after } = asked;
    const stream = await log.subscribe({
      ...(after === undefined ? {} : { after }),
      ...(campaignId === undefined ? {} : { campaignId }),
    });
    const feed: Feed = {
      source: sourceOf(stream as unknown as EventStream<EventRow>, (event) => ({
        events: {
          id: event.id,
          who: (_: object, context: Context) => context.caller.name,
          nested: ({ depth }: { depth?: number }) => depth,
          fails: () => Promise.reject(new Error('inside')),
          slow: () => slow.promise,
        },
      })),
      args: {
        schema,
        document: parse(query),
        variableValues: asked.variables,
        operationName: asked.operationName,
        contextValue: { caller, params: { query } },
      } as ExecutionArgs,
      beside: new Map(asked.cost ? [['cost', (result) => ({ ...result, extensions: { cost: 1 } })]] : []),
    };
    const told: string[] = [];
    const sink: Sink<null> = {
      send(_, { payloads }, more) {
        const texts = payloads.map(String);
        told.push(...texts);
        take(texts, more);
      },
      fail: (_, errors) => void told.push(`failed: ${errors[0]?.message}`),
      disconnect() {},
    };
    const member = shared.open(feed, sink, null);
    return { told, stop: () => shared.leave(member) };
  }

  return { store, clock, log, follow, ended, executions: () => executions, masked: () => masked, slow };
}

const settled = async () => {
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
};

it('executes once for all who ask the same, wherever each has begun', async () => {
  const { store, follow, executions } = createWorld();
  const query = 'subscription ($after: ID) { events(after: $after) { id who } }';
  const many = await Promise.all(
    Array.from({ length: 50 }, (_, index) => follow({ query, variables: { after: `${index}` } })),
  );
  store.commit('one');
  await settled();
  expect(executions()).toBe(1);
  for (const { told } of many) expect(told).toEqual(['{"data":{"events":{"id":"2","who":"reader"}}}']);
});

it.each<[string, Asked, Asked]>([
  ['another key', {}, { caller: callerOf('other', Scope.READ) }],
  ['another scope', {}, { caller: callerOf('reader', Scope.READ, Scope.SEND) }],
  ['another document', {}, { query: 'subscription { events { who id } }' }],
  ['its cost told beside', {}, { cost: true }],
  [
    'another operation',
    { query: 'subscription A { events { id } } subscription B { events { who } }', operationName: 'A' },
    { query: 'subscription A { events { id } } subscription B { events { who } }', operationName: 'B' },
  ],
  [
    'other variables',
    { query: 'subscription ($d: Int) { events { nested(depth: $d) } }', variables: { d: 1 } },
    { query: 'subscription ($d: Int) { events { nested(depth: $d) } }', variables: { d: 2 } },
  ],
  [
    'a beginning that something else hangs on too',
    { query: 'subscription ($a: ID) { events(after: $a) { nested(after: $a) } }', variables: { a: '1' } },
    { query: 'subscription ($a: ID) { events(after: $a) { nested(after: $a) } }', variables: { a: '2' } },
  ],
])('never shares with one of %s', async (_, one, other) => {
  const { store, follow, executions } = createWorld();
  const first = await follow(one);
  const second = await follow(other);
  store.commit('one');
  await settled();
  expect(executions()).toBe(2);
  expect(first.told).toHaveLength(1);
  expect(second.told).toHaveLength(1);
});

it('executes anew for one who comes to an event while it is being read for another', async () => {
  const { store, follow, executions, slow } = createWorld();
  const first = await follow({ query: 'subscription { events { who slow } }', after: 0 });
  store.commit('one');
  while (executions() === 0) await new Promise(setImmediate);
  const second = await follow({ query: 'subscription { events { who slow } }', after: 0 });
  await settled();
  expect(executions()).toBe(2);
  slow.resolve();
  await settled();
  expect(second.told).toEqual(first.told);
});

it('executes anew for one who comes to an event later', async () => {
  const { store, follow, executions } = createWorld();
  const held: (() => void)[] = [];
  await follow({});
  const slow = await follow({}, (_, more) => held.push(more));
  store.commit('one');
  await settled();
  store.commit('two');
  await settled();
  expect([executions(), slow.told.length]).toEqual([2, 1]);
  for (const more of held) more();
  await settled();
  expect([executions(), slow.told.length]).toEqual([3, 2]);
});

it('sends those that lag behind several at once, as many as are small, in order and none twice', async () => {
  const { store, follow } = createWorld();
  await follow({});
  const batches: number[] = [];
  store.commit(...Array.from({ length: 500 }, () => 'one'));
  const behind = await follow({ after: 0 }, (payloads, more) => {
    batches.push(payloads.length);
    setImmediate(more);
  });
  for (let turn = 0; turn < 40; turn++) await settled();
  expect(behind.told.map((text) => Number(JSON.parse(text).data.events.id))).toEqual(
    Array.from({ length: 500 }, (_, index) => 2 * (index + 1)),
  );
  expect(Math.max(...batches)).toBe(32);
});

it('tells nothing twice to one that shares what another was given beyond its own', async () => {
  const { store, follow } = createWorld();
  await follow({});
  store.commit(...Array.from({ length: 500 }, () => 'one'));
  const query = 'subscription ($after: ID) { events(after: $after) { id } }';
  const idsOf = (texts: string[]) => texts.map((text) => Number(JSON.parse(text).data.events.id));
  const held: (() => void)[] = [];
  const behind = await follow({ query, variables: { after: '0' }, after: 0 }, (_, more) => held.push(more));
  // It was given 200 events and takes them 32 at a time; the last eight begin where the other begins.
  for (let rounds = 0; rounds < 5; rounds++) {
    await settled();
    held.shift()?.();
  }
  await settled();
  const after = idsOf(behind.told).at(-1)!;
  const other = await follow({ query, variables: { after }, after });
  held.shift()?.();
  for (let turn = 0; turn < 40; turn++) {
    await settled();
    held.shift()?.();
  }
  const rest = (from: number) => Array.from({ length: 500 - from }, (_, index) => 2 * (from + index + 1));
  expect(after).toBe(2 * 192);
  expect(idsOf(other.told)).toEqual(rest(192));
  expect(idsOf(behind.told)).toEqual(rest(0));
});

it('tells nothing more to one that was ended, and forgets it', async () => {
  const { store, log, follow, ended } = createWorld();
  const gone = await follow({});
  const stays = await follow({});
  store.commit('one');
  gone.stop();
  gone.stop();
  await settled();
  expect(gone.told).toEqual([]);
  expect(stays.told).toHaveLength(1);
  expect(ended).toHaveLength(1);
  expect(log.subscribers()).toBe(1);
});

it('masks what fails once for all who are told', async () => {
  const { store, follow, masked } = createWorld();
  const query = 'subscription { events { id fails } }';
  const [one, other] = [await follow({ query }), await follow({ query })];
  store.commit('one');
  await settled();
  expect(masked()).toBe(1);
  expect(one!.told).toEqual(other!.told);
  expect(JSON.parse(one!.told[0]!)).toMatchObject({
    errors: [{ message: 'inside', path: ['events', 'fails'] }],
    data: { events: { id: '2', fails: null } },
  });
});
