import { createAnalyticsTables } from './analytics-tables.ts';
import { createAuditTable } from './audit-table.ts';
import { createRecordTables } from './record-tables.ts';
import { createSendTables } from './send-tables.ts';
import type { Kit } from './sqlite-columns.ts';

/** Every table, described once for both databases. */
export const createTables = (c: Kit) => ({
  ...createSendTables(c),
  ...createRecordTables(c),
  ...createAnalyticsTables(c),
  ...createAuditTable(c),
});
export type Tables = ReturnType<typeof createTables>;
