import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { createTail, type EventStore, type StoredEvent } from './tail.ts';

export interface Subscription {
  /** Events after this one; left out, only those that happen from now on. */
  after?: number;
  /** Only those of one campaign. */
  campaignId?: string;
  /** Closes the connection of a subscriber that takes nothing, or that cannot be told what comes next, now or until a restart: it can resume by its cursor. */
  disconnect?: () => void;
  /** Ends the subscription when it aborts: its reader is gone. */
  signal?: AbortSignal;
}

/** The cursor lies behind the last event, so it is from another database: whoever waited there would be told nothing for long. */
export class UnknownCursorError extends Error {
  override name = 'UnknownCursorError' as const;
}

/** A subscriber that has taken nothing for this long after it was given an event is not read any more. */
export const STALL_MS = 15_000;

interface Subscriber {
  /** Since when it has been holding an event without asking for the next. */
  holdingSince: number | null;
  wake: () => void;
  cutOff: () => void;
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
  const onError = (error: unknown) => log.error({ error }, 'the event log could not be read');
  const tail = createTail({
    store,
    onRead: () => {
      for (const subscriber of subscribers) subscriber.wake();
    },
    onError,
  });
  /** Subscribers that wait for the head: what is committed meanwhile has to be read for them, too. */
  let joining = 0;
  let closed = false;
  let stopWatching: (() => void) | null = null;

  const stopListening = deps.onCommit(() => {
    if (subscribers.size + joining > 0) tail.readInBackground();
  });

  /**
   * Attached when it resolves: every event that is committed from then on will be given, in order and once.
   * Throws `UnknownCursorError`.
   */
  async function subscribe({
    after,
    campaignId,
    disconnect,
    signal,
  }: Subscription): Promise<AsyncIterableIterator<E>> {
    if (subscribers.size + joining === 0) tail.forget();
    joining++;
    await tail.read().finally(() => {
      joining--;
    });
    let cursor = after ?? tail.head();
    if (cursor > tail.head()) throw new UnknownCursorError(`there is no event ${cursor} yet`);
    let given: E[] = [];
    let ended = signal?.aborted === true;
    let wakes = 0;
    let look: (() => void) | null = null;
    const subscriber: Subscriber = {
      holdingSince: null,
      wake() {
        wakes++;
        look?.();
      },
      cutOff() {
        end();
        disconnect?.();
      },
    };
    if (!ended && !closed) {
      subscribers.add(subscriber);
      signal?.addEventListener('abort', end, { once: true });
      watch();
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
          try {
            ({ cursor, events: given } = await tail.after(cursor, campaignId));
          } catch (error) {
            onError(error);
            subscriber.cutOff();
          }
          if (given.length === 0 && before === wakes && !ended && !closed) {
            await new Promise<void>((resolve) => {
              look = resolve;
            });
            look = null;
          }
        }
        // The events have no end, and a client that is told of one does not come back.
        if (closed && !ended) disconnect?.();
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
        if (subscriber.holdingSince !== null && subscriber.holdingSince <= latest) subscriber.cutOff();
      }
      if (subscribers.size > 0) watch();
    });
  }

  return {
    subscribe,
    /** The id of the last event that is stored, 0 where there is none. */
    head: () => store.head(),
    /** How many there are. */
    subscribers: () => subscribers.size,
    /** Cuts every subscriber off; each can go on elsewhere from the id of its last event. */
    close(): void {
      closed = true;
      stopListening();
      stopWatching?.();
      for (const subscriber of subscribers) subscriber.wake();
    },
  };
}
export type EventLog<E extends StoredEvent> = ReturnType<typeof createEventLog<E>>;
