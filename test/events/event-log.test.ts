import { expect, it } from 'vitest';
import { createEventLog, STALL_MS, UnknownCursorError } from '../../src/events/event-log.ts';
import { createFakeClock } from '../kit/fake-clock.ts';
import { createMemoryStore, type MemoryEvent } from './memory-store.ts';

/** A log over a store whose answers can be held up. */
function createWorld() {
  let gate: Promise<unknown> = Promise.resolve();
  const store = createMemoryStore(() => gate);
  const clock = createFakeClock();
  const errors: object[] = [];
  const log = createEventLog<MemoryEvent>({
    store,
    clock,
    onCommit: store.onCommit,
    log: { debug() {}, info() {}, warn() {}, error: (context) => void errors.push(context) },
  });
  /** What the store is asked from now on is answered when the result is called; with an error it fails. */
  const holdUp = () => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    promise.catch(() => {});
    gate = promise;
    return (error?: Error) => {
      gate = Promise.resolve();
      if (error) reject(error);
      else resolve();
    };
  };
  /** What is held up stays so; what is asked from now on is not. */
  const letPass = () => {
    gate = Promise.resolve();
  };
  return { store, clock, log, errors, holdUp, letPass };
}

const settled = () => new Promise(setImmediate);

async function take(events: AsyncIterator<MemoryEvent>, count: number): Promise<number[]> {
  const ids: number[] = [];
  while (ids.length < count) {
    const { value, done } = await events.next();
    if (done) throw new Error('the subscription has ended');
    ids.push(value.id);
  }
  return ids;
}

it('reads nothing while nobody is subscribed, and nothing any more for one who has left', async () => {
  const { store, log } = createWorld();
  store.commit('one');
  await settled();
  expect(store.reads()).toBe(0);

  const gone = new AbortController();
  const left = await log.subscribe({});
  await log.subscribe({ signal: gone.signal });
  expect(log.subscribers()).toBe(2);
  await left.return?.();
  gone.abort();
  expect(log.subscribers()).toBe(0);
  const before = store.reads();
  store.commit('one', 'two');
  await settled();
  expect(store.reads()).toBe(before);
});

it('is not joined by one who has left before it could begin', async () => {
  const { log } = createWorld();
  const late = await log.subscribe({ signal: AbortSignal.abort() });
  expect(log.subscribers()).toBe(0);
  expect(await late.next()).toEqual({ value: undefined, done: true });
});

it('forgets one who leaves while the head is still being read', async () => {
  const { log, holdUp } = createWorld();
  const release = holdUp();
  const gone = new AbortController();
  const opening = log.subscribe({ after: 0, signal: gone.signal });
  gone.abort();
  release();
  expect(await (await opening).next()).toMatchObject({ done: true });
  expect(log.subscribers()).toBe(0);
});

it('reads once for all who are up to date', async () => {
  const { store, log } = createWorld();
  const many = await Promise.all(Array.from({ length: 50 }, () => log.subscribe({})));
  const before = store.reads();
  const given = many.map((events) => take(events, 3));
  store.commit('one', 'two', null);
  expect(await Promise.all(given)).toEqual(many.map(() => [2, 4, 6]));
  expect(store.reads() - before).toBeLessThanOrEqual(2);
});

it('does not sleep through a commit that falls into the reading of what was missed', async () => {
  const { store, log, holdUp, letPass } = createWorld();
  store.commit('two', 'two');
  await log.subscribe({});
  const events = await log.subscribe({ after: 0, campaignId: 'one' });
  const next = take(events, 1);
  // Its own reading has seen the store as it was before this commit, and is answered after everybody was told of it.
  const release = holdUp();
  await settled();
  letPass();
  store.commit('one');
  await settled();
  release();
  expect(await next).toEqual([6]);
});

it('gives an event that is committed while the subscriber is being attached', async () => {
  const { store, log, holdUp } = createWorld();
  store.commit('one');
  const release = holdUp();
  const opening = log.subscribe({ after: 2 });
  await settled();
  store.commit('one');
  release();
  expect(await take(await opening, 1)).toEqual([4]);
});

it('loses nothing to a reading that fails, and tells of it', async () => {
  const { store, log, errors, holdUp } = createWorld();
  const events = await log.subscribe({});
  const fail = holdUp();
  store.commit('one');
  await settled();
  fail(new Error('the database is away'));
  await settled();
  expect(errors).toEqual([{ error: new Error('the database is away') }]);
  store.commit('two');
  expect(await take(events, 2)).toEqual([2, 4]);
});

it('gives what a reading that failed was for, though nothing is committed any more', async () => {
  const { store, log, clock, errors, holdUp } = createWorld();
  const events = await log.subscribe({});
  const next = take(events, 1);
  for (let failures = 0; failures < 2; failures++) {
    const fail = holdUp();
    if (failures === 0) store.commit('one');
    else await clock.advance(1_000);
    fail(new Error('the database is away'));
    await settled();
  }
  expect(errors).toHaveLength(2);
  await clock.advance(1_000);
  expect(await next).toEqual([2]);
});

it('cuts one off whose events cannot be read, for it can come again', async () => {
  const { store, log, errors, holdUp } = createWorld();
  store.commit('one', 'one');
  let cutOff = 0;
  const events = await log.subscribe({ after: 0, disconnect: () => cutOff++ });
  const fail = holdUp();
  const next = events.next();
  fail(new Error('the database is away'));
  expect(await next).toEqual({ value: undefined, done: true });
  expect(cutOff).toBe(1);
  expect(errors).toHaveLength(1);
  expect(log.subscribers()).toBe(0);
  expect(await take(await log.subscribe({ after: 0 }), 2)).toEqual([2, 4]);
});

it('refuses a cursor behind the last event, and keeps nothing of whoever came with it', async () => {
  const { store, log } = createWorld();
  store.commit('one');
  await expect(log.subscribe({ after: 3 })).rejects.toThrow(UnknownCursorError);
  expect(log.subscribers()).toBe(0);
  expect(await log.subscribe({ after: 2 })).toBeDefined();
});

it('closes one who takes nothing for too long, and nobody else', async () => {
  const { store, clock, log } = createWorld();
  const stalled: string[] = [];
  const deaf = await log.subscribe({ disconnect: () => stalled.push('deaf') });
  const idle = await log.subscribe({ campaignId: 'none', disconnect: () => stalled.push('idle') });
  const reader = await log.subscribe({ disconnect: () => stalled.push('reader') });
  const nothing = idle.next();
  const seen: number[] = [];
  const reading = (async () => {
    for await (const { id } of reader) seen.push(id);
  })();
  store.commit('one');
  expect(await take(deaf, 1)).toEqual([2]);
  for (const id of [4, 6]) {
    await clock.advance(STALL_MS / 3);
    expect(stalled).toEqual([]);
    store.commit('one');
    await settled();
    expect(seen.at(-1)).toBe(id);
  }
  await clock.advance(STALL_MS / 3);
  expect(stalled).toEqual(['deaf']);
  expect(log.subscribers()).toBe(2);
  expect(await deaf.next()).toEqual({ value: undefined, done: true });
  log.close();
  expect(await nothing).toEqual({ value: undefined, done: true });
  await reading;
});

it('ends every subscription when it closes, and takes no other', async () => {
  const { store, log } = createWorld();
  const events = await log.subscribe({});
  const next = events.next();
  log.close();
  expect(await next).toEqual({ value: undefined, done: true });
  expect(await (await log.subscribe({ after: 0 })).next()).toEqual({ value: undefined, done: true });
  const before = store.reads();
  store.commit('one');
  await settled();
  expect(store.reads()).toBe(before);
  expect(log.subscribers()).toBe(0);
});

it.each([undefined, 'one'])(
  'gives a listener that takes a part at a time the rest of it next, from the store and from memory (campaign: %s)',
  async (campaignId) => {
    const { store, log } = createWorld();
    const commit = (count: number) =>
      store.commit(...Array.from({ length: count }, (_, index) => (index % 3 ? 'one' : 'two')));
    commit(700);
    const stream = await log.subscribe({ after: 0, ...(campaignId ? { campaignId } : {}) });
    const taken: number[] = [];
    let ended = 0;
    const subscriber = stream.listen({
      take(events) {
        const part = events.slice(0, 1 + (taken.length % 7)).map(({ id }) => id);
        taken.push(...part);
        setImmediate(() => log.more(subscriber, part.at(-1) ?? 0));
      },
      ended: () => void ended++,
      disconnect() {},
    });
    log.more(subscriber, 0);
    const wanted = () =>
      store.events.filter((event) => !campaignId || event.campaignId === campaignId).map(({ id }) => id);
    for (const count of [1, 300, 2, 1_200]) {
      while (taken.length < wanted().length) await settled();
      expect(taken).toEqual(wanted());
      commit(count);
    }
    while (taken.length < wanted().length) await settled();
    expect(taken).toEqual(wanted());
    log.end(subscriber);
    log.end(subscriber);
    expect([ended, log.subscribers()]).toEqual([1, 0]);
  },
);
