import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { createTail, type EventStore, type StoredEvent } from './tail.ts';

export interface Subscription {
  /** Events after this one; left out, only those that happen from now on. */
  after?: number;
  /** Only those of one campaign. */
  campaignId?: string;
  /** Called when the subscriber has taken nothing for too long while something waits: its connection should be closed. */
  onStalled?: () => void;
  /** Ends the subscription when it aborts: its reader is gone. */
  signal?: AbortSignal;
}

/** A subscriber that has taken nothing for this long after it was given an event is not read any more. */
export const STALL_MS = 15_000;

interface Subscriber {
  /** Since when it has been holding an event without asking for the next. */
  holdingSince: number | null;
  wake: () => void;
  stall: () => void;
}

/**
 * Subscriptions over the event log. Nothing is pushed at a subscriber: it is given the next event when it asks, from memory where it
 * is up to date, else from the store. So one that reads slowly costs a cursor and at most a batch of events, and cannot hold up the
 * others. What wakes them carries no data and may come late, twice or for nothing.
 */
export function createEventLog<E extends StoredEvent>(deps: {
  store: EventStore<E>;
  clock: Clock;
  onCommit: (listener: () => void) => () => void;
  log: Log;
}) {
  const { store, clock, log } = deps;
  const subscribers = new Set<Subscriber>();
  const tail = createTail({
    store,
    onRead: () => {
      for (const subscriber of subscribers) subscriber.wake();
    },
    onError: (error) => log.error({ error }, 'the event log could not be read'),
  });
  let closed = false;
  let stopWatching: (() => void) | null = null;

  const stopListening = deps.onCommit(() => {
    if (subscribers.size > 0) tail.readInBackground();
  });

  /** Attached when it resolves: every event that is committed from then on will be given, in order and once. */
  async function subscribe({
    after,
    campaignId,
    onStalled,
    signal,
  }: Subscription): Promise<AsyncIterableIterator<E>> {
    let cursor = 0;
    let given: E[] = [];
    let ended = closed;
    let wakes = 0;
    let look: (() => void) | null = null;
    const subscriber: Subscriber = {
      holdingSince: null,
      wake() {
        wakes++;
        look?.();
      },
      stall() {
        end();
        onStalled?.();
      },
    };
    if (signal?.aborted) ended = true;
    if (!ended) {
      if (subscribers.size === 0) tail.forget();
      // Before the head is read, so that what is committed meanwhile is read too.
      subscribers.add(subscriber);
      signal?.addEventListener('abort', end, { once: true });
      watch();
      await tail.read().catch((error) => {
        end();
        throw error;
      });
      cursor = after ?? tail.head();
    }

    function end(): void {
      ended = true;
      given = [];
      subscribers.delete(subscriber);
      signal?.removeEventListener('abort', end);
      subscriber.wake();
    }

    const iterator: AsyncIterableIterator<E> = {
      [Symbol.asyncIterator]: () => iterator,
      async next() {
        subscriber.holdingSince = null;
        while (!ended && !closed) {
          const value = given.shift();
          if (value) {
            subscriber.holdingSince = clock.now().getTime();
            return { value, done: false };
          }
          const before = wakes;
          const found = await tail.after(cursor, campaignId);
          cursor = found.cursor;
          given = found.events;
          if (given.length === 0 && before === wakes && !ended && !closed) {
            await new Promise<void>((resolve) => {
              look = resolve;
            });
            look = null;
          }
        }
        end();
        return { value: undefined, done: true };
      },
      async return() {
        end();
        return { value: undefined, done: true };
      },
    };
    return iterator;
  }

  /** One timer for all, as long as there is anybody. */
  function watch(): void {
    if (stopWatching || closed) return;
    stopWatching = clock.after(STALL_MS / 3, () => {
      stopWatching = null;
      const latest = clock.now().getTime() - STALL_MS;
      for (const subscriber of subscribers) {
        if (subscriber.holdingSince !== null && subscriber.holdingSince <= latest) subscriber.stall();
      }
      if (subscribers.size > 0) watch();
    });
  }

  return {
    subscribe,
    subscribers: () => subscribers.size,
    /** Ends every subscription; each can go on elsewhere from the id of its last event. */
    close(): void {
      closed = true;
      stopListening();
      stopWatching?.();
      for (const subscriber of subscribers) subscriber.wake();
    },
  };
}
export type EventLog<E extends StoredEvent> = ReturnType<typeof createEventLog<E>>;
