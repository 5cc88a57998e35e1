import { hash } from 'node:crypto';

/** How far something that was asked for has come. */
export const AuditOutcome = {
  ASKED: 'ASKED',
  DONE: 'DONE',
  REPLAYED: 'REPLAYED',
  FORBIDDEN: 'FORBIDDEN',
  INVALID_INPUT: 'INVALID_INPUT',
  QUOTA_EXCEEDED: 'QUOTA_EXCEEDED',
  IDEMPOTENCY_CONFLICT: 'IDEMPOTENCY_CONFLICT',
  WECHAT_ERROR: 'WECHAT_ERROR',
  FAILED: 'FAILED',
} as const;
export type AuditOutcome = (typeof AuditOutcome)[keyof typeof AuditOutcome];

/** Who asked for what. */
export interface AuditEntry {
  at: Date;
  /** The name of a key, `local` or `operator`. */
  caller: string;
  address: string | null;
  /** The field of Mutation, or what the operator has done. */
  action: string;
  appId: string | null;
  /** What it was done to: the id of a campaign, WeChat's of a send or a material. */
  target: string | null;
  outcome: AuditOutcome;
  /** The row that says it was asked for; null in that row itself, and where there is only one. */
  askedIn: number | null;
  requestId: string | null;
  /** JSON, without what was written and to whom. */
  arguments: string | null;
}

export interface AuditRow extends AuditEntry {
  /** 1, 2, 3 …: none is left out. */
  id: number;
  hash: string;
}

/** What the first row is chained to. */
export const GENESIS = '0'.repeat(64);

/** Covers the row before, and so all before it. A list, because the order of an object's fields would be part of the hash. */
export const chainHash = (previous: string, row: Omit<AuditRow, 'hash'>): string =>
  hash(
    'sha256',
    JSON.stringify([
      previous,
      row.id,
      row.at.toISOString(),
      row.caller,
      row.address,
      row.action,
      row.appId,
      row.target,
      row.outcome,
      row.askedIn,
      row.requestId,
      row.arguments,
    ]),
  );
