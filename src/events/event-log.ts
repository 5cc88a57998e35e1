import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { type EventStream, streamOf } from './event-stream.ts';
import { createSubscriber, type Subscriber, type Subscription } from './subscriber.ts';
import { createTail, type EventStore, type StoredEvent } from './tail.ts';

/** The cursor lies behind the last event, so it is from another database: whoever waited there would be told nothing for long. */
export class UnknownCursorError extends Error {
  override name = 'UnknownCursorError' as const;
}

/** A subscriber that has taken nothing for this long after it was given an event is not read any more. */
export const STALL_MS = 15_000;

/** After a reading that has failed: the commit that it was for may be the last one for hours. */
const READ_AGAIN_MS = 1_000;

/**
 * Subscriptions over the event log. Nothing is pushed at a subscriber: it is given the next events when it asks, from memory where it
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
  const subscribers = new Set<Subscriber<E>>();
  const onError = (error: unknown) => log.error({ error }, 'the event log could not be read');
  const tail = createTail({
    store,
    onRead: () => {
      for (const subscriber of subscribers) {
        if (subscriber.waiting) look(subscriber);
        else subscriber.woken = true;
      }
    },
    onError(error) {
      onError(error);
      stopReading ??= clock.after(READ_AGAIN_MS, () => {
        stopReading = null;
        if (subscribers.size > 0) tail.readInBackground();
      });
    },
  });
  /** Subscribers that wait for the head: what is committed meanwhile has to be read for them, too. */
  let joining = 0;
  let closed = false;
  let stopWatching: (() => void) | null = null;
  let stopReading: (() => void) | null = null;

  const stopListening = deps.onCommit(() => {
    if (subscribers.size + joining > 0) tail.readInBackground();
  });

  /**
   * Attached when it resolves: every event that is committed from then on will be given, in order and once.
   * Throws `UnknownCursorError`.
   */
  async function subscribe({ after, ...subscription }: Subscription): Promise<EventStream<E>> {
    if (subscribers.size + joining === 0) tail.forget();
    joining++;
    await tail.read().finally(() => {
      joining--;
    });
    const cursor = after ?? tail.head();
    if (cursor > tail.head()) throw new UnknownCursorError(`there is no event ${cursor} yet`);
    const subscriber = createSubscriber<E>(cursor, subscription.campaignId);
    subscriber.ended = subscription.signal?.aborted === true;
    if (!subscriber.ended && !closed) {
      subscribers.add(subscriber);
      watch();
    }
    return streamOf({ more, end, now }, subscriber, subscription);
  }

  const now = () => clock.now().getTime();

  /**
   * Gives the next events as soon as there are some: those up to this one have been taken, which may be more than were given here, where
   * others were given more and shared it.
   */
  function more(subscriber: Subscriber<E>, taken: number) {
    subscriber.holdingSince = null;
    if (subscriber.ended) return;
    if (closed) return cutOff(subscriber);
    subscriber.cursor = Math.max(subscriber.cursor, taken);
    const left = subscriber.given.findIndex(({ id }) => id > taken);
    if (left < 0) return look(subscriber);
    give(subscriber, left === 0 ? subscriber.given : subscriber.given.slice(left));
  }

  function give(subscriber: Subscriber<E>, events: readonly E[]): void {
    subscriber.given = events;
    subscriber.holdingSince = now();
    subscriber.listener?.take(events);
  }

  function look(subscriber: Subscriber<E>) {
    const { cursor, campaignId } = subscriber;
    const recent = tail.recent(cursor, campaignId);
    subscriber.waiting = false;
    if (recent === null) return void lookBack(subscriber);
    subscriber.cursor = recent.cursor;
    subscriber.given = recent.events;
    if (recent.events.length > 0) return give(subscriber, recent.events);
    subscriber.waiting = true;
  }

  async function lookBack(subscriber: Subscriber<E>): Promise<void> {
    const { cursor, campaignId } = subscriber;
    subscriber.woken = false;
    try {
      const read = await tail.stored(cursor, campaignId);
      if (subscriber.ended) return;
      if (closed) return cutOff(subscriber);
      subscriber.cursor = read.cursor;
      if (read.events.length > 0) return give(subscriber, read.events);
      if (read.cursor > cursor || subscriber.woken) return look(subscriber);
      subscriber.waiting = true;
    } catch (error) {
      onError(error);
      cutOff(subscriber);
    }
  }

  function end(subscriber: Subscriber<E>): void {
    if (subscriber.ended && subscriber.listener === null) return;
    const { listener } = subscriber;
    subscriber.ended = true;
    subscriber.waiting = false;
    subscriber.given = [];
    subscriber.holdingSince = null;
    subscriber.listener = null;
    subscribers.delete(subscriber);
    listener?.ended();
  }

  function cutOff(subscriber: Subscriber<E>): void {
    const { listener } = subscriber;
    end(subscriber);
    listener?.disconnect();
  }

  /** One timer for all, as long as there is anybody. */
  function watch(): void {
    if (stopWatching || closed) return;
    stopWatching = clock.after(STALL_MS / 3, () => {
      stopWatching = null;
      const latest = now() - STALL_MS;
      for (const subscriber of subscribers) {
        if (subscriber.holdingSince !== null && subscriber.holdingSince <= latest) cutOff(subscriber);
      }
      if (subscribers.size > 0) watch();
    });
  }

  return {
    subscribe,
    more,
    end,
    /** The id of the last event that is stored, 0 where there is none. */
    head: () => store.head(),
    /** How many there are. */
    subscribers: () => subscribers.size,
    /** Cuts every subscriber off; each can go on elsewhere from the id of its last event. */
    close(): void {
      closed = true;
      stopListening();
      stopWatching?.();
      stopReading?.();
      // The events have no end, and a client that is told of one does not come back. Not at once: whoever closes the lines says why.
      queueMicrotask(() => {
        for (const subscriber of subscribers) if (subscriber.waiting) cutOff(subscriber);
      });
    },
  };
}
export type EventLog<E extends StoredEvent> = ReturnType<typeof createEventLog<E>>;
