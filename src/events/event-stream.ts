import type { Listener, Subscriber, Subscription } from './subscriber.ts';

/** One subscription, to be iterated over or listened to. */
export interface EventStream<E> extends AsyncIterableIterator<E> {
  /** From now on nothing but the listener is asked whether anybody is still there; the log is asked for more by what this gives. */
  listen(listener: Listener<E>): Subscriber<E>;
}

interface EventSource<E> {
  more(subscriber: Subscriber<E>, taken: number): void;
  end(subscriber: Subscriber<E>): void;
  /** In milliseconds. */
  now(): number;
}

/** Written out, because an async generator that waits cannot be ended before it has got what it waits for. */
export function streamOf<E extends { id: number }>(
  log: EventSource<E>,
  subscriber: Subscriber<E>,
  { signal, disconnect }: Pick<Subscription, 'signal' | 'disconnect'>,
): EventStream<E> {
  /** Given by the log and not yet asked for. */
  let left: E[] = [];
  let last = 0;
  let answer: ((result: IteratorResult<E, undefined>) => void) | null = null;
  const over = { value: undefined, done: true } as const;

  const give = (): IteratorResult<E, undefined> => {
    const value = left.shift();
    if (!value) return over;
    last = value.id;
    subscriber.holdingSince = log.now();
    return { value, done: false };
  };
  const tell = () => {
    const waiting = answer;
    answer = null;
    waiting?.(give());
  };
  const listener: Listener<E> = {
    take(events) {
      left = [...events];
      tell();
    },
    ended() {
      left = [];
      tell();
    },
    disconnect: () => disconnect?.(),
  };
  const leave = () => log.end(subscriber);
  if (!subscriber.ended) signal?.addEventListener('abort', leave, { once: true });

  const stream: EventStream<E> = {
    [Symbol.asyncIterator]: () => stream,
    async next() {
      if (subscriber.ended) return over;
      if (left.length > 0) return give();
      subscriber.listener ??= listener;
      return new Promise<IteratorResult<E, undefined>>((resolve) => {
        answer = resolve;
        log.more(subscriber, last);
      });
    },
    async return() {
      signal?.removeEventListener('abort', leave);
      leave();
      return over;
    },
    listen(other) {
      signal?.removeEventListener('abort', leave);
      subscriber.listener = other;
      return subscriber;
    },
  };
  return stream;
}
