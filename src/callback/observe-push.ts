import { type PushRecord, textOf } from './push-record.ts';
import type { RefusalStatus } from './push-refused-error.ts';

const REASONS = {
  400: 'unreadable',
  401: 'signature',
  403: 'signature',
  404: 'account',
  405: 'method',
  413: 'size',
} as const satisfies Record<RefusalStatus, string>;

/** In a word, for counting. */
export const reasonOf = (status: RefusalStatus): string => REASONS[status];

/** Seconds from when WeChat says it made a push to `receivedAt`; null where it does not say. */
export function lagOf(record: PushRecord, receivedAt: Date): number | null {
  const text = textOf(record, 'CreateTime')?.trim() ?? '';
  return /^\d{1,10}$/.test(text) ? receivedAt.getTime() / 1000 - Number(text) : null;
}
