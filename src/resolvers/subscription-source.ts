import type { EventRow } from '../db/job-changes.ts';
import type { EventStream } from '../events/event-stream.ts';

/**
 * What the executions of a subscription begin with: to be iterated over, as every executor can, or to be read from the log itself by
 * whoever executes for many at once.
 */
export interface SubscriptionSource<Root = unknown> extends AsyncIterableIterator<Root> {
  events: EventStream<EventRow>;
  /** What is told before anything has happened. */
  first: readonly Root[];
  /** Of an event; null where it is not told of. */
  rootOf(event: EventRow): Root | null;
}

export function sourceOf<Root>(
  events: EventStream<EventRow>,
  rootOf: (event: EventRow) => Root | null,
  first: readonly Root[] = [],
): SubscriptionSource<Root> {
  const left = [...first];
  // Written out, because an async generator that waits cannot be ended before it has got what it waits for.
  const source: SubscriptionSource<Root> = {
    events,
    first,
    rootOf,
    [Symbol.asyncIterator]: () => source,
    async next() {
      const value = left.shift();
      if (value !== undefined) return { value, done: false };
      for (;;) {
        const next = await events.next();
        if (next.done) return { value: undefined, done: true };
        const root = rootOf(next.value);
        if (root !== null) return { value: root, done: false };
      }
    },
    async return() {
      await events.return?.();
      return { value: undefined, done: true };
    },
  };
  return source;
}

export const isSubscriptionSource = (value: object): value is SubscriptionSource =>
  Symbol.asyncIterator in value && 'rootOf' in value;
