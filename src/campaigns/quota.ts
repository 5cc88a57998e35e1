import type { AccountLimits } from './account.ts';
import { addDays, BEIJING_OFFSET_MS, dayInBeijing, inBeijing } from './days.ts';

export const QuotaKind = {
  SEND_CALLS_PER_MINUTE: 'SEND_CALLS_PER_MINUTE',
  SEND_CALLS_PER_DAY: 'SEND_CALLS_PER_DAY',
  SENDS_TO_ALL: 'SENDS_TO_ALL',
  PREVIEWS_PER_DAY: 'PREVIEWS_PER_DAY',
} as const;
export type QuotaKind = (typeof QuotaKind)[keyof typeof QuotaKind];

export interface Quota {
  kind: QuotaKind;
  limit: number;
  used: number;
  remaining: number;
  resetAt: Date;
}

/** A limit and the span it holds for: uses at or after `from` and before `to` count. */
export interface QuotaRule {
  kind: QuotaKind;
  limit: number;
  from: Date;
  to: Date;
  /** The span has begun: what still waits from before it would leave in it. */
  hasBegun: boolean;
}

const beijingDay = (at: Date, days = 0): Date => inBeijing(addDays(dayInBeijing(at), days), 0);

export const beijingMonth = (now: Date, months = 0): Date => {
  const shifted = new Date(now.getTime() + BEIJING_OFFSET_MS);
  return new Date(Date.UTC(shifted.getUTCFullYear(), shifted.getUTCMonth() + months, 1) - BEIJING_OFFSET_MS);
};

/** The rules in force at `at`, which is now or later. */
export function quotaRules(limits: AccountLimits, at: Date, now: Date = at): QuotaRule[] {
  const spanOf = (from: Date, to: Date) => ({ from, to, hasBegun: from <= now });
  const day = spanOf(beijingDay(at), beijingDay(at, 1));
  const month = spanOf(beijingMonth(at), beijingMonth(at, 1));
  const minute = spanOf(new Date(at.getTime() - 60_000), new Date(at.getTime() + 1));
  const toAll = (limit: number | null, span: ReturnType<typeof spanOf>): QuotaRule[] =>
    limit === null ? [] : [{ kind: QuotaKind.SENDS_TO_ALL, limit, ...span }];
  return [
    { kind: QuotaKind.SEND_CALLS_PER_MINUTE, limit: limits.callsPerMinute, ...minute },
    { kind: QuotaKind.SEND_CALLS_PER_DAY, limit: limits.callsPerDay, ...day },
    ...toAll(limits.sendsToAllPerDay, day),
    ...toAll(limits.sendsToAllPerMonth, month),
    { kind: QuotaKind.PREVIEWS_PER_DAY, limit: limits.previewsPerDay, ...day },
  ];
}

export const quotaOf = (rule: QuotaRule, used: number): Quota => ({
  kind: rule.kind,
  limit: rule.limit,
  used,
  remaining: Math.max(rule.limit - used, 0),
  resetAt: rule.kind === QuotaKind.SEND_CALLS_PER_MINUTE ? new Date(rule.to.getTime() + 60_000) : rule.to,
});

/** So near to its beginning, a span may not have begun by WeChat's clock: what is used up may be the one before. */
const SURELY_BEGUN_MS = 5 * 60_000;

/**
 * The rule that is used up where WeChat says to a call of `at` that an account has no calls, or no sends, left: of a day and a month the
 * day, as WeChat does not say which, and says it again tomorrow where it is the month. None so near to its beginning that it may be the
 * one before.
 */
export function exhaustedRules(
  limits: AccountLimits,
  at: Date,
  what: 'CALLS' | 'SENDS' | 'PREVIEWS',
  toAll: boolean,
): QuotaRule[] {
  const ofSends = what === 'SENDS' && toAll ? QuotaKind.SENDS_TO_ALL : QuotaKind.SEND_CALLS_PER_DAY;
  const exhausted = what === 'PREVIEWS' ? QuotaKind.PREVIEWS_PER_DAY : ofSends;
  const rule = quotaRules(limits, at).find(({ kind }) => kind === exhausted);
  return rule && at.getTime() - rule.from.getTime() >= SURELY_BEGUN_MS ? [rule] : [];
}
