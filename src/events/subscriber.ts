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

/** Who is told what happens. */
export interface Listener<E> {
  /** The next events, one at least. More are given once they are asked for. */
  take(events: readonly E[]): void;
  /** Nothing will be given any more. */
  ended(): void;
  /** Closes the connection, see `Subscription`. */
  disconnect(): void;
}

/** A record and no more: there are thousands of them, most of which wait. */
export interface Subscriber<E> {
  /** Every event up to this one was given, or lies in `given`. */
  cursor: number;
  readonly campaignId: string | undefined;
  listener: Listener<E> | null;
  /** The last events that were given, as long as not all of them are taken. */
  given: readonly E[];
  /** Since when it has been holding an event without asking for the next. */
  holdingSince: number | null;
  /** It has asked, and there was nothing yet. */
  waiting: boolean;
  /** Something was committed while the store was being read for it. */
  woken: boolean;
  ended: boolean;
}

export const createSubscriber = <E>(cursor: number, campaignId: string | undefined): Subscriber<E> => ({
  cursor,
  campaignId,
  listener: null,
  given: [],
  holdingSince: null,
  waiting: false,
  woken: false,
  ended: false,
});
