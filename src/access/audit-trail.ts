import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { type AuditEntry, AuditOutcome, type AuditRow } from './audit-entry.ts';

/** What is known when something is asked for. */
export type Asked = Omit<AuditEntry, 'at' | 'outcome' | 'askedIn'>;

type Target = AuditEntry['target'];

/**
 * What one mutation leaves in the trail: that it is asked for, and what came of it. Each is stored for itself, or in the transaction
 * that does what it tells of, so that there is never the one without the other.
 */
export interface AuditRecord {
  /** Stores that it is asked for, unless that is stored. */
  begin(): Promise<void>;
  /** Begins in a transaction that stores the entry as well, and answers the id that it was given there. */
  beginWithin<T extends { askedIn: number }>(transaction: (asked: AuditEntry) => Promise<T>): Promise<T>;
  /** Ends in a transaction that stores the entry as well. */
  endWithin(
    outcome: AuditOutcome,
    target: Target,
    transaction: (end: AuditEntry) => Promise<void>,
  ): Promise<void>;
  /** Stores what came of it, unless that is stored, and before that what is not stored yet. Never throws. */
  end(outcome: AuditOutcome, target: Target): Promise<void>;
}

export interface AuditTrail {
  open(asked: Asked): AuditRecord;
  /** For what has no beginning to be put on record: it was refused, or is over. */
  note(asked: Asked, outcome: AuditOutcome): Promise<void>;
}

export interface AuditAppender {
  append(entry: AuditEntry): Promise<AuditRow>;
  /** Both in one transaction. */
  appendPair(asked: AuditEntry, end: AuditEntry): Promise<void>;
}

export function createAuditTrail(deps: { store: AuditAppender; clock: Clock; log: Log }): AuditTrail {
  const { store, clock, log } = deps;

  function open(what: Asked): AuditRecord {
    const asked = { ...what, at: clock.now(), outcome: AuditOutcome.ASKED, askedIn: null };
    let askedIn: number | null = null;
    let ending: Promise<void> | null = null;

    const endOf = (outcome: AuditOutcome, target: Target): AuditEntry => ({
      ...asked,
      target: target ?? asked.target,
      at: clock.now(),
      outcome,
      askedIn,
    });

    async function append(end: AuditEntry): Promise<void> {
      if (askedIn === null) return store.appendPair(asked, end);
      await store.append(end);
    }

    return {
      async begin() {
        askedIn ??= (await store.append(asked)).id;
      },

      async beginWithin(transaction) {
        const result = await transaction(asked);
        askedIn = result.askedIn;
        return result;
      },

      endWithin(outcome, target, transaction) {
        ending = transaction(endOf(outcome, target));
        return ending;
      },

      async end(outcome, target) {
        const isEnded = await ending?.then(
          () => true,
          () => false,
        );
        if (isEnded) return;
        const end = endOf(outcome, target);
        // It is done and cannot be undone: whoever asked is told so all the same.
        await append(end).catch((error: unknown) =>
          log.error({ error, ...end }, 'an outcome could not be written into the audit trail'),
        );
      },
    };
  }

  return {
    open,
    async note(asked, outcome) {
      await store.append({ ...asked, at: clock.now(), outcome, askedIn: null });
    },
  };
}
