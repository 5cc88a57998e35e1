import { IdempotencyConflictError, InvalidInputError, QuotaExceededError } from '../campaigns/errors.ts';
import type { InputIssue as Issue } from '../campaigns/input-issue.ts';
import { WechatError } from '../wechat/errors.ts';
import { builder } from './builder.ts';
import { Campaign, existing } from './campaign.ts';
import { Quota } from './quota.ts';

export const ErrorInterface = builder.interfaceRef<{ message: string }>('Error').implement({
  description:
    'An outcome that the caller can act on. Clients that know none of its kinds can still show its message.',
  fields: (t) => ({ message: t.exposeString('message', { description: 'What went wrong, in English.' }) }),
});

builder.objectType(WechatError, {
  name: 'WechatError',
  description: 'WeChat said no, or said nothing: then errcode is -1 and retryable is true.',
  interfaces: [ErrorInterface],
  isTypeOf: (value) => value instanceof WechatError,
  fields: (t) => ({
    errcode: t.exposeInt('errcode', { description: "WeChat's code." }),
    errmsg: t.exposeString('errmsg', {
      description: "WeChat's own words, as they came but for secrets, which are cut out.",
    }),
    rid: t.exposeString('rid', {
      nullable: true,
      description: "The request id that WeChat's support asks for. Null where the answer had none.",
    }),
    retryable: t.exposeBoolean('retryable', {
      description:
        'Whether the same call can succeed later. A massSend needs a new idempotencyKey for that: under the same one it is told the same.',
    }),
    failedCampaign: t.field({
      type: Campaign,
      nullable: true,
      description: 'The campaign that was stored for a send that WeChat refused. Null for other calls.',
      resolve: ({ failedCampaignId }, _, ctx) => (failedCampaignId ? existing(ctx, failedCampaignId) : null),
    }),
  }),
});

export const InputIssue = builder.objectRef<Issue>('InputIssue').implement({
  description: 'One rule that the input breaks.',
  fields: (t) => ({
    path: t.exposeStringList('path', {
      description:
        'Where, from the arguments on: `["message", "text", "content"]`. Positions in lists count from 0.',
    }),
    message: t.exposeString('message', { description: 'Which rule, to be read after the path.' }),
  }),
});

builder.objectType(InvalidInputError, {
  name: 'InvalidInputError',
  description:
    'The input breaks documented rules; here are all of them. WeChat was not called and nothing was changed.',
  interfaces: [ErrorInterface],
  isTypeOf: (value) => value instanceof InvalidInputError,
  fields: (t) => ({
    issues: t.field({
      type: [InputIssue],
      description: 'Every broken rule.',
      resolve: ({ issues }) => [...issues],
    }),
  }),
});

builder.objectType(QuotaExceededError, {
  name: 'QuotaExceededError',
  description:
    'A quota of a day or a month would be exceeded. WeChat was not called and nothing was changed.',
  interfaces: [ErrorInterface],
  isTypeOf: (value) => value instanceof QuotaExceededError,
  fields: (t) => ({
    quota: t.expose('quota', {
      type: Quota,
      description: 'The quota, with when it resets.',
    }),
  }),
});

builder.objectType(IdempotencyConflictError, {
  name: 'IdempotencyConflictError',
  description: 'The idempotencyKey was used before with another input. Nothing was sent.',
  interfaces: [ErrorInterface],
  isTypeOf: (value) => value instanceof IdempotencyConflictError,
  fields: (t) => ({
    campaign: t.field({
      type: Campaign,
      description: 'The campaign that the key belongs to, unchanged.',
      resolve: ({ campaignId }, _, ctx) => existing(ctx, campaignId),
    }),
  }),
});
