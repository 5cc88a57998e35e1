import type { Log } from '../log.ts';
import { type ApiKey, Nobody } from './api-key.ts';
import { AuditOutcome } from './audit-entry.ts';
import type { AuditTrail } from './audit-trail.ts';
import type { KeyChanges, Keyring } from './keyring.ts';

/** What the operator does, as the audit trail has it. */
export const byOperator = (action: string, details: object | null = null) => ({
  caller: Nobody.OPERATOR,
  address: null,
  action,
  appId: null,
  target: null,
  requestId: null,
  arguments: details && JSON.stringify(details),
});

/** Takes the keys as they are in their file now. Keys that cannot be read change nothing: the gateway is never open by a slip. */
export function createKeyReload(deps: {
  /** Throws where something is wrong with them, in words that hold no secret. */
  read: () => readonly ApiKey[];
  keyring: Keyring;
  audit: AuditTrail;
  log: Log;
}): () => Promise<void> {
  const { read, keyring, audit, log } = deps;

  function reload(): KeyChanges | null {
    try {
      return keyring.replace(read());
    } catch (error) {
      log.error({ error }, 'the API keys were not reloaded: those of before go on');
      return null;
    }
  }

  return async () => {
    // A key that is removed is gone, whether or not that can be written down.
    const changes = reload();
    if (changes) log.info(changes, 'the API keys were reloaded');
    const outcome = changes ? AuditOutcome.DONE : AuditOutcome.FAILED;
    await audit
      .note(byOperator('reloadKeys', changes), outcome)
      .catch((error: unknown) =>
        log.error({ error }, 'the reload of keys could not be written into the audit trail'),
      );
  };
}
