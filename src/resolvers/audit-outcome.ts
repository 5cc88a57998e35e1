import { AuditOutcome } from '../access/audit-entry.ts';
import type { Asked } from '../access/audit-trail.ts';
import { shortArguments } from '../access/short-arguments.ts';
import type { IdempotencyConflictError, InvalidInputError, QuotaExceededError } from '../campaigns/errors.ts';
import type { Context } from '../schema/context.ts';
import type { WechatError } from '../wechat/errors.ts';
import { findAccount } from './account-argument.ts';

/** What has an id, in the order in which it says most. */
const TARGETS = [
  'campaign',
  'canceledCampaign',
  'settledCampaign',
  'campaignId',
  'failedCampaignId',
  'previewMsgId',
  'mediaId',
];

/** Ids of WeChat and the gateway are such; what a caller wrote instead of one may be anything. */
const ID = /^[\w-]{1,128}$/;

const idOf = (value: unknown): string | null => (typeof value === 'string' && ID.test(value) ? value : null);

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

/** A mutation, as the audit trail has it before anything is done. */
export function askedOf(action: string, args: object, ctx: Context): Asked {
  const named = fieldOf(args, 'account') ?? fieldOf(fieldOf(args, 'input'), 'account');
  return {
    caller: ctx.caller.name,
    address: ctx.caller.address,
    action,
    appId: findAccount(ctx, typeof named === 'string' ? named : null)?.appId ?? null,
    target: idOf(fieldOf(args, 'msgId')) ?? idOf(fieldOf(args, 'id')) ?? idOf(fieldOf(args, 'mediaId')),
    requestId: ctx.requestId,
    arguments: Object.keys(args).length === 0 ? null : shortArguments(args),
  };
}

/** What a mutation was done to, where its outcome says so. */
export function targetOf(outcome: unknown): string | null {
  for (const name of TARGETS) {
    const value = fieldOf(outcome, name);
    const id = idOf(value) ?? idOf(fieldOf(value, 'id'));
    if (id !== null) return id;
  }
  return null;
}

/** By name: an error that is answered is wrapped, and an instance of no class then. */
const BY_NAME = new Map<unknown, AuditOutcome>([
  ['InvalidInputError' satisfies InvalidInputError['name'], AuditOutcome.INVALID_INPUT],
  ['QuotaExceededError' satisfies QuotaExceededError['name'], AuditOutcome.QUOTA_EXCEEDED],
  ['IdempotencyConflictError' satisfies IdempotencyConflictError['name'], AuditOutcome.IDEMPOTENCY_CONFLICT],
  ['WechatError' satisfies WechatError['name'], AuditOutcome.WECHAT_ERROR],
]);

const BY_CODE = new Map<unknown, AuditOutcome>([
  ['BAD_USER_INPUT', AuditOutcome.INVALID_INPUT],
  ['WECHAT_ERROR', AuditOutcome.WECHAT_ERROR],
]);

/** What came of a mutation that was answered with this. */
export const outcomeOf = (answer: unknown): AuditOutcome =>
  BY_NAME.get(fieldOf(answer, 'name')) ??
  (fieldOf(answer, 'replayed') === true ? AuditOutcome.REPLAYED : AuditOutcome.DONE);

/** What came of a mutation that threw this. */
export const failureOf = (error: unknown): AuditOutcome =>
  BY_NAME.get(fieldOf(error, 'name')) ??
  BY_CODE.get(fieldOf(fieldOf(error, 'extensions'), 'code')) ??
  AuditOutcome.FAILED;
