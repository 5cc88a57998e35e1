export interface StoredEvent {
  id: number;
  campaignId: string | null;
}

/** Where events are kept. */
export interface EventStore<E extends StoredEvent> {
  after(cursor: number, limit: number, campaignId?: string): Promise<E[]>;
  head(): Promise<number>;
}

/** Events, and the cursor behind them. */
interface Given<E> {
  readonly events: readonly E[];
  readonly cursor: number;
}

/** How many events are read at once for somebody who catches up. */
const BATCH = 200;

/** How many of the last events are kept at hand for all who are up to date. */
const RECENT = 1_000;

const NONE: readonly never[] = [];

/** The end of the event log, read along once for all who are up to date. `onRead` is called after every reading that has found something, also one that then failed. */
export function createTail<E extends StoredEvent>(deps: {
  store: EventStore<E>;
  onRead: () => void;
  onError: (error: unknown) => void;
}) {
  const { store, onRead, onError } = deps;
  let recent: E[] = [];
  /** What was given last, for the thousands that stand at the same place. Gone as soon as more is read. */
  let lastGiven: (Given<E> & { after: number; campaignId: string | undefined }) | null = null;
  /** Every event after this one, up to the head, is in `recent`. */
  let recentFrom = 0;
  let head: number | null = null;
  let reading: Promise<void> | null = null;
  let missed = false;

  /** Reads on from the head until nothing is left: what was committed before the call is then at hand. */
  function read(): Promise<void> {
    missed = reading !== null;
    if (reading) return reading;
    const before = head;
    reading = readOn().finally(() => {
      reading = null;
      if (missed) readInBackground();
      if (head !== before) onRead();
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
      lastGiven = null;
      recent.push(...events);
    } while (missed || events.length === BATCH);
    if (recent.length > RECENT) {
      recentFrom = recent[recent.length - RECENT - 1]!.id;
      recent = recent.slice(-RECENT);
    }
  }

  function look(cursor: number, campaignId: string | undefined): Given<E> {
    const known = Math.max(cursor, head ?? 0);
    let from = recent.length;
    while (from > 0 && recent[from - 1]!.id > cursor) from--;
    if (from === recent.length) return { events: NONE, cursor: known };
    const after =
      campaignId === undefined
        ? recent.slice(from, from + BATCH)
        : recent.slice(from).filter((event) => event.campaignId === campaignId);
    const events = after.length > BATCH ? after.slice(0, BATCH) : after;
    return { events, cursor: events.length < BATCH ? known : events[BATCH - 1]!.id };
  }

  return {
    read,
    readInBackground,
    /** The id of the last event that was read, 0 where there is none. */
    head: () => head ?? 0,

    /** As `stored`, of what is at hand; null where the cursor lies before that. */
    recent(cursor: number, campaignId?: string): Given<E> | null {
      if (cursor < recentFrom) return null;
      if (lastGiven?.after !== cursor || lastGiven.campaignId !== campaignId)
        lastGiven = { ...look(cursor, campaignId), after: cursor, campaignId };
      return lastGiven;
    },

    /** The next events after a cursor, at most a batch of them, and the cursor behind them. */
    async stored(cursor: number, campaignId?: string): Promise<Given<E>> {
      const known = head ?? 0;
      const events = await store.after(cursor, BATCH, campaignId);
      const last = events.at(-1)?.id ?? cursor;
      return { events, cursor: events.length < BATCH ? Math.max(last, known) : last };
    },

    /** While nobody reads along, there is no need to make up for it later: the next reading begins at the head of then. */
    forget(): void {
      if (reading) return;
      head = null;
      recent = [];
      lastGiven = null;
    },
  };
}
