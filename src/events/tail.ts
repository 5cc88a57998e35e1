export interface StoredEvent {
  id: number;
  campaignId: string | null;
}

/** Where events are kept. */
export interface EventStore<E extends StoredEvent> {
  after(cursor: number, limit: number, campaignId?: string): Promise<E[]>;
  head(): Promise<number>;
}

/** How many events are read at once for somebody who catches up. */
const BATCH = 200;

/** How many of the last events are kept at hand for all who are up to date. */
const RECENT = 1_000;

/** The end of the event log, read along once for all who are up to date. `onRead` is called after every reading, also one that failed. */
export function createTail<E extends StoredEvent>(deps: {
  store: EventStore<E>;
  onRead: () => void;
  onError: (error: unknown) => void;
}) {
  const { store, onRead, onError } = deps;
  let recent: E[] = [];
  /** Every event after this one, up to the head, is in `recent`. */
  let recentFrom = 0;
  let head: number | null = null;
  let reading: Promise<void> | null = null;
  let missed = false;

  /** Reads on from the head until nothing is left: what was committed before the call is then at hand. */
  function read(): Promise<void> {
    missed = reading !== null;
    reading ??= readOn().finally(() => {
      reading = null;
      if (missed) readInBackground();
      onRead();
    });
    return reading;
  }

  /** A read that fails loses nothing: the next goes on from the same place. */
  function readInBackground(): void {
    read().catch(onError);
  }

  async function readOn(): Promise<void> {
    if (head === null) {
      head = await store.head();
      recentFrom = head;
    }
    let events: E[];
    do {
      missed = false;
      events = await store.after(head, BATCH);
      head = events.at(-1)?.id ?? head;
      recent.push(...events);
    } while (missed || events.length === BATCH);
    if (recent.length > RECENT) {
      recentFrom = recent[recent.length - RECENT - 1]!.id;
      recent = recent.slice(-RECENT);
    }
  }

  return {
    read,
    readInBackground,
    /** The id of the last event that was read, 0 where there is none. */
    head: () => head ?? 0,

    /** The next events after a cursor, at most a batch of them or what is at hand, and the cursor behind them. */
    async after(cursor: number, campaignId?: string): Promise<{ events: E[]; cursor: number }> {
      const known = head ?? 0;
      if (cursor >= recentFrom) {
        const isWanted = (event: E) =>
          event.id > cursor && (campaignId === undefined || event.campaignId === campaignId);
        return { events: recent.filter(isWanted), cursor: Math.max(cursor, known) };
      }
      const events = await store.after(cursor, BATCH, campaignId);
      const last = events.at(-1)?.id ?? cursor;
      return { events, cursor: events.length < BATCH ? Math.max(last, known) : last };
    },

    /** While nobody reads along, there is no need to make up for it later: the next reading begins at the head of then. */
    forget(): void {
      if (reading) return;
      head = null;
      recent = [];
    },
  };
}
