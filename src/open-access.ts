import { AuditOutcome } from './access/audit-entry.ts';
import { createAuditTrail } from './access/audit-trail.ts';
import { createKeyring } from './access/keyring.ts';
import { byOperator, createKeyReload } from './access/reload-keys.ts';
import type { Clock } from './clock.ts';
import { readKeysFile } from './config/api-keys.ts';
import type { Config } from './config/config.ts';
import { createAuditStore } from './db/audit-store.ts';
import type { Database } from './db/database.ts';
import { createCallers } from './http/callers.ts';
import { createWrongKeys } from './http/wrong-keys.ts';
import type { Log } from './log.ts';

/** Who may do what, and the record of who did. */
export function openAccess(deps: { database: Database; config: Config; clock: Clock; log: Log }) {
  const { database, config, clock, log } = deps;
  const keyring = createKeyring(config.apiKeys);
  const trail = createAuditStore(database);
  const audit = { ...trail, ...createAuditTrail({ store: trail, clock, log }) };
  const file = config.apiKeysFile;
  return {
    callers: createCallers(keyring, createWrongKeys({ clock, log })),
    audit,
    /** Takes the keys as they are in their file now, where they are in one. */
    reloadKeys: file
      ? createKeyReload({ read: () => readKeysFile(file), keyring, audit, log })
      : async () => log.warn({}, 'there is no API_KEYS_FILE to read keys from again'),
    /** Somebody has started the gateway with `--resume`. */
    resumed: () => audit.note(byOperator('resumeSending'), AuditOutcome.DONE),
  };
}
