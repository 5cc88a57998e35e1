import { AuditOutcome } from '../access/audit-entry.ts';
import type { Asked } from '../access/audit-trail.ts';
import { shortArguments } from '../access/short-arguments.ts';
import { IdempotencyConflictError, InvalidInputError, QuotaExceededError } from '../campaigns/errors.ts';
import type { Context } from '../schema/context.ts';
import { WechatError } from '../wechat/errors.ts';
import { findAccount } from './account-argument.ts';

/** What has an id, in the order in which it says most. */
const TARGETS = ['campaign', 'canceledCampaign', 'campaignId', 'failedCampaignId', 'previewMsgId', 'mediaId'];

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

/** @param outcome what a mutation was answered with, or what was thrown */
export function outcomeOf(outcome: unknown): AuditOutcome {
  if (outcome instanceof InvalidInputError) return AuditOutcome.INVALID_INPUT;
  if (outcome instanceof QuotaExceededError) return AuditOutcome.QUOTA_EXCEEDED;
  if (outcome instanceof IdempotencyConflictError) return AuditOutcome.IDEMPOTENCY_CONFLICT;
  if (outcome instanceof WechatError) return AuditOutcome.WECHAT_ERROR;
  if (outcome instanceof Error) {
    const code = fieldOf(fieldOf(outcome, 'extensions'), 'code');
    if (code === 'BAD_USER_INPUT') return AuditOutcome.INVALID_INPUT;
    return code === 'WECHAT_ERROR' ? AuditOutcome.WECHAT_ERROR : AuditOutcome.FAILED;
  }
  return fieldOf(outcome, 'replayed') === true ? AuditOutcome.REPLAYED : AuditOutcome.DONE;
}
