import type { Dialect } from './bi-columns.ts';

const REFUSAL = 'the audit trail is only ever appended to';

const refuse = (event: string): string =>
  `CREATE TRIGGER audit_no_${event.toLowerCase()} BEFORE ${event} ON audit BEGIN SELECT RAISE(ABORT, '${REFUSAL}'); END`;

/** What makes the table one that rows are only appended to, whoever writes. */
export const auditTriggers: Record<Dialect, readonly string[]> = {
  sqlite: [
    refuse('UPDATE'),
    refuse('DELETE'),
    // INSERT OR REPLACE deletes a row without asking the trigger above.
    `CREATE TRIGGER audit_at_its_end BEFORE INSERT ON audit WHEN NEW.id <= (SELECT coalesce(max(id), 0) FROM audit) BEGIN SELECT RAISE(ABORT, '${REFUSAL}'); END`,
  ],
  postgres: [
    `CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '${REFUSAL}'; END $$`,
    'CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_refuse()',
    'CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()',
  ],
};
