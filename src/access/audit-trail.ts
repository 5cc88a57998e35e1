import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { type AuditEntry, AuditOutcome, type AuditRow } from './audit-entry.ts';

/** What is known when something is asked for. */
export type Asked = Omit<AuditEntry, 'at' | 'outcome' | 'askedIn'>;

export interface AuditTrail {
  /** Puts on record that it is asked for, and resolves once that is stored. What it answers puts its end on record. */
  begin(asked: Asked): Promise<(outcome: AuditOutcome, found: Pick<Asked, 'target'>) => Promise<void>>;
  /** For what has no beginning to be put on record: it was refused, or is over. */
  note(asked: Asked, outcome: AuditOutcome): Promise<void>;
}

export function createAuditTrail(deps: {
  append: (entry: AuditEntry) => Promise<AuditRow>;
  clock: Clock;
  log: Log;
}): AuditTrail {
  const { append, clock, log } = deps;
  return {
    async begin(asked) {
      const { id } = await append({
        ...asked,
        at: clock.now(),
        outcome: AuditOutcome.ASKED,
        askedIn: null,
      });
      return async (outcome, { target }) => {
        const ended = { ...asked, target: target ?? asked.target, at: clock.now(), outcome, askedIn: id };
        // It is done and cannot be undone: whoever asked is told so all the same.
        await append(ended).catch((error: unknown) =>
          log.error({ error, ...ended }, 'an outcome could not be written into the audit trail'),
        );
      };
    },

    async note(asked, outcome) {
      await append({ ...asked, at: clock.now(), outcome, askedIn: null });
    },
  };
}
