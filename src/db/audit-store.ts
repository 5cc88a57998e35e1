import { and, asc, desc, eq, gt, lt } from 'drizzle-orm';
import { type AuditEntry, type AuditRow, chainHash, GENESIS } from '../access/audit-entry.ts';
import { inserting, prepared } from './built-once.ts';
import { type Database, type Queries, run, type Step } from './database.ts';
import type { Tables } from './tables.ts';

/** Conditions that all must hold; one that is left out or null does not count. */
export interface AuditQuery {
  caller?: string | null | undefined;
  action?: string | null | undefined;
  target?: string | null | undefined;
}

const lastRow = prepared((tx, t) =>
  tx.select({ id: t.audit.id, hash: t.audit.hash }).from(t.audit).orderBy(desc(t.audit.id)).limit(1),
);

const insertRow = inserting('audit');

/** The next link of the chain, in a transaction of whatever it tells of: they go one at a time, so nobody else takes its place. */
export function* appendAudit(tx: Queries, t: Tables, entry: AuditEntry): Step<AuditRow> {
  const [last] = yield* run(lastRow(tx, t, {}));
  const row = { ...entry, id: (last?.id ?? 0) + 1 };
  const chained = { ...row, hash: chainHash(last?.hash ?? GENESIS, row) };
  yield* run(insertRow(tx, t, chained));
  return chained;
}

/** The audit trail: appended to, chained and read. */
export function createAuditStore({ atomically, read, tables: t }: Database) {
  return {
    append: (entry: AuditEntry): Promise<AuditRow> => atomically((tx) => appendAudit(tx, t, entry)),

    /** That something was asked for, and what came of it. */
    appendPair: (asked: AuditEntry, end: AuditEntry): Promise<void> =>
      atomically(function* (tx) {
        const { id: askedIn } = yield* appendAudit(tx, t, asked);
        yield* appendAudit(tx, t, { ...end, askedIn });
      }),

    /** Oldest first. */
    after: (id: number, limit: number): Promise<AuditRow[]> =>
      read.select().from(t.audit).where(gt(t.audit.id, id)).orderBy(asc(t.audit.id)).limit(limit),

    /** Newest first. */
    page: (
      { caller, action, target }: AuditQuery,
      { limit, olderThan }: { limit: number; olderThan: number | null },
    ): Promise<AuditRow[]> =>
      read
        .select()
        .from(t.audit)
        .where(
          and(
            olderThan === null ? undefined : lt(t.audit.id, olderThan),
            caller == null ? undefined : eq(t.audit.caller, caller),
            action == null ? undefined : eq(t.audit.action, action),
            target == null ? undefined : eq(t.audit.target, target),
          ),
        )
        .orderBy(desc(t.audit.id))
        .limit(limit),

    /** The hash of the last row there is. */
    async head(): Promise<string> {
      const [last] = await lastRow(read, t, {});
      return last?.hash ?? GENESIS;
    },
  };
}
export type AuditStore = ReturnType<typeof createAuditStore>;
