import type { InputIssue } from './input-issue.ts';
import type { Quota } from './quota.ts';

/** The input breaks documented rules. Nothing was sent and nothing was stored. */
export class InvalidInputError extends Error {
  override name = 'InvalidInputError' as const;
  readonly issues: readonly InputIssue[];

  constructor(issues: readonly InputIssue[]) {
    super(
      issues.map(({ path, message }) => (path.length ? `${path.join('.')} ${message}` : message)).join('; '),
    );
    this.issues = issues;
  }
}

/** The same idempotency key was used before with another input. */
export class IdempotencyConflictError extends Error {
  override name = 'IdempotencyConflictError' as const;
  readonly campaignId: string;

  constructor(campaignId: string) {
    super('this idempotencyKey was used before with another input; the campaign it belongs to is unchanged');
    this.campaignId = campaignId;
  }
}

/** A quota of a day or a month would be exceeded. WeChat was not called. */
export class QuotaExceededError extends Error {
  override name = 'QuotaExceededError' as const;
  readonly quota: Quota;

  constructor(quota: Quota) {
    super(
      `${quota.kind}: ${quota.used} of ${quota.limit} are used; it resets at ${quota.resetAt.toISOString()}`,
    );
    this.quota = quota;
  }
}

export function refuseInvalid(issues: readonly InputIssue[]): void {
  if (issues.length > 0) throw new InvalidInputError(issues);
}
