import { isNotNull } from 'drizzle-orm';
import type { AuditOutcome } from '../access/audit-entry.ts';
import type { Kit } from './sqlite-columns.ts';

/** Who asked for what, and what came of it. Triggers refuse to change or delete a row, see `audit-triggers.ts`. */
export const createAuditTable = (c: Kit) => ({
  audit: c.table(
    'audit',
    {
      /** Not given by the database: Postgres leaves out numbers of transactions that fail, and a gap would look like a row that is missing. */
      id: c.integer().primaryKey(),
      at: c.dateTime().notNull(),
      caller: c.text().notNull(),
      address: c.text(),
      action: c.text().notNull(),
      appId: c.text(),
      target: c.text(),
      outcome: c.text<AuditOutcome>().notNull(),
      askedIn: c.integer(),
      requestId: c.text(),
      arguments: c.text(),
      /** Over the row and the hash of the row before. */
      hash: c.text().notNull(),
    },
    (t) => [
      c.index('audit_caller').on(t.caller, t.id),
      c.index('audit_action').on(t.action, t.id),
      c.index('audit_target').on(t.target, t.id).where(isNotNull(t.target)),
    ],
  ),
});
