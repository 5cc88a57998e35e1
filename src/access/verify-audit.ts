import { type AuditRow, chainHash, GENESIS } from './audit-entry.ts';

export interface AuditVerdict {
  /** How many rows are right, from the first on. */
  rows: number;
  /** Of the last right row. */
  head: string;
  /** The first row that is wrong; null where none is. */
  wrong: { id: number; reason: string } | null;
  /** Whether the head that was looked for is in the chain; null where none was. */
  headFound: boolean | null;
}

/** How many rows are in memory at once. */
const BATCH_ROWS = 1_000;

/**
 * Walks the chain from its first row. A chain whose end was cut off is right as far as it goes, and so is one that was written anew from
 * some row on: only a head that was noted elsewhere tells.
 */
export async function verifyAudit(
  rowsAfter: (id: number, limit: number) => Promise<AuditRow[]>,
  lookedFor: string | null,
  batchRows = BATCH_ROWS,
): Promise<AuditVerdict> {
  let [rows, head] = [0, GENESIS];
  let headFound = lookedFor === null ? null : lookedFor === GENESIS;
  // From before all rows: one with an id below the first would not be seen otherwise.
  let cursor = Number.MIN_SAFE_INTEGER;
  for (;;) {
    const batch = await rowsAfter(cursor, batchRows);
    for (const row of batch) {
      const wrong = wrongIn(row, rows + 1, head);
      if (wrong) return { rows, head, wrong, headFound };
      rows = row.id;
      head = row.hash;
      if (head === lookedFor) headFound = true;
    }
    const last = batch.at(-1);
    if (!last) return { rows, head, wrong: null, headFound };
    cursor = last.id;
  }
}

function wrongIn(row: AuditRow, expected: number, previous: string): AuditVerdict['wrong'] {
  if (row.id > expected) return { id: expected, reason: 'it is missing' };
  if (row.id < expected) return { id: row.id, reason: 'there is no such row in a chain that begins at 1' };
  if (row.hash === chainHash(previous, row)) return null;
  return { id: row.id, reason: 'its hash does not fit it and the row before: one of them was changed' };
}
