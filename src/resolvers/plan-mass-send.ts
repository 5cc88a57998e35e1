import { AudienceKind } from '../campaigns/audience.ts';
import type { Campaign } from '../campaigns/campaign.ts';
import { checkText, type InputIssue as Issue, issue } from '../campaigns/input-issue.ts';
import { LATEST_SCHEDULE, leavesAt } from '../campaigns/mass-send-request.ts';
import {
  beijingMonth,
  QuotaKind,
  type Quota as QuotaShape,
  quotaOf,
  quotaRules,
} from '../campaigns/quota.ts';
import type { FrozenRequest } from '../campaigns/submission.ts';
import { askingWechat } from '../schema/ask-wechat.ts';
import { builder } from '../schema/builder.ts';
import { Campaign as CampaignRef } from '../schema/campaign.ts';
import type { Account, Context } from '../schema/context.ts';
import { FAR_LOOK } from '../schema/cost.ts';
import { InputIssue } from '../schema/errors.ts';
import { MassSendInput } from '../schema/mass-send-input.ts';
import { Quota } from '../schema/quota.ts';
import { openIdsOf } from '../wechat/encode.ts';
import { endpoints } from '../wechat/endpoints.ts';
import { accountOrBadInput } from './account-argument.ts';
import { requestedSend } from './requested-send.ts';

/** A follower gets four mass messages a month; WeChat leaves out who has had them. */
const FOUR = 4;

interface PlanShape {
  existing: Campaign | null;
  issues: Issue[];
  requests: FrozenRequest[];
  recipients: number | null;
  quotas: { before: QuotaShape; after: QuotaShape }[];
  recipientsWithFourThisMonth: number | null;
  estimatedSeconds: number | null;
}

const PlannedRequest = builder.objectRef<FrozenRequest>('PlannedRequest').implement({
  description: 'One call that would go to WeChat.',
  fields: (t) => ({
    path: t.string({
      description: 'The path of the endpoint.',
      resolve: ({ endpoint }) => endpoints[endpoint].path,
    }),
    body: t.exposeString('body', { description: 'The JSON, to the byte.' }),
  }),
});

const PlannedQuota = builder.objectRef<{ before: QuotaShape; after: QuotaShape }>('PlannedQuota').implement({
  description: 'A quota that the send would use.',
  fields: (t) => ({
    before: t.expose('before', { type: Quota, description: 'As it is.' }),
    after: t.expose('after', {
      type: Quota,
      description: 'As it would be. More used than the limit: the send would be refused.',
    }),
  }),
});

const MassSendPlan = builder.objectRef<PlanShape>('MassSendPlan').implement({
  description: 'What a massSend with the same input would be. Nothing is stored and nothing is sent.',
  fields: (t) => ({
    issues: t.expose('issues', {
      type: [InputIssue],
      description: 'Every broken rule; empty where there is none.',
    }),
    requests: t.expose('requests', {
      type: [PlannedRequest],
      description:
        'The calls that would go to WeChat, in their order. None where rules are broken, and none under a key that is taken.',
    }),
    jobs: t.int({ description: 'How many calls.', resolve: ({ requests }) => requests.length }),
    recipients: t.exposeInt('recipients', {
      nullable: true,
      description:
        'How many it is addressed to; for a tag, as many as WeChat says carry it. Null where that is not known.',
    }),
    recipientsWithFourThisMonth: t.exposeInt('recipientsWithFourThisMonth', {
      nullable: true,
      description:
        'How many of the OpenIDs have had their four of this month in lists sent from here, and would be left out by WeChat. Null for other audiences.',
    }),
    quotas: t.expose('quotas', {
      type: [PlannedQuota],
      description: 'The quotas it would use.',
    }),
    estimatedSeconds: t.exposeInt('estimatedSeconds', {
      nullable: true,
      description:
        'How long it would take from the first call to the last delivery, at the speed the account is set to. Null where that cannot be told, where no call would go out, and while nothing leaves: see `gateway { heldSince }`.',
    }),
    existingCampaign: t.expose('existing', {
      type: CampaignRef,
      nullable: true,
      description:
        'The campaign that the key stands for already: massSend would answer it, or refuse another input under its key, and send nothing. Null where the key is free.',
    }),
  }),
});

async function plannedQuotas(
  ctx: Context,
  { appId, limits }: Account,
  at: Date,
  jobs: number,
  toAll: boolean,
) {
  const rules = quotaRules(limits, at, ctx.clock.now()).filter(
    ({ kind }) => kind === QuotaKind.SEND_CALLS_PER_DAY || (toAll && kind === QuotaKind.SENDS_TO_ALL),
  );
  const quotas = await ctx.quotas.quotas(appId, rules);
  return quotas.map((before, index) => ({ before, after: quotaOf(rules[index]!, before.used + jobs) }));
}

async function withFourThisMonth(
  ctx: Context,
  appId: string,
  openIds: readonly string[],
  at: Date,
): Promise<number> {
  const had = new Map(openIds.map((openId) => [openId, 0]));
  for await (const body of ctx.recipients.acceptedRequests(appId, beijingMonth(at), beijingMonth(at, 1))) {
    for (const openId of openIdsOf(body)) {
      const count = had.get(openId);
      if (count !== undefined) had.set(openId, count + 1);
    }
  }
  return [...had.values()].filter((count) => count >= FOUR).length;
}

async function campaignOfKey(ctx: Context, appId: string, idempotencyKey: string): Promise<Campaign | null> {
  if (checkText(idempotencyKey).length > 0) return null;
  const newest = { limit: 1, from: 'newest', olderThan: null, newerThan: null } as const;
  const [campaign] = await ctx.campaigns.page({ appId, idempotencyKey }, newest);
  return campaign ?? null;
}

/** Null where WeChat does not say: a plan is worth having without it. */
const orNull = <T>(asked: Promise<T>): Promise<T | null> => asked.catch(() => null);

async function estimate(
  ctx: Context,
  account: Account,
  jobs: number,
  recipients: number | null,
): Promise<number | null> {
  if (jobs === 0 || recipients === null) return null;
  const speed = await orNull(ctx.wechat(account.appId).speed());
  if (!speed) return null;
  const calls = Math.floor(Math.max(jobs - 1, 0) / account.limits.callsPerMinute) * 60;
  return Math.max(calls, Math.ceil((recipients / speed.recipientsPerMinute) * 60));
}

builder.queryField('planMassSend', (t) =>
  t.field({
    type: MassSendPlan,
    // For the speed, and for the tags.
    complexity: 2 * FAR_LOOK,
    extensions: askingWechat,
    description:
      'What massSend would do with this input: rules, calls, quotas, duration. Sends nothing. Where no rule is broken, asks WeChat for the speed and, for a tag, for its size.',
    args: { input: t.arg({ type: MassSendInput, required: true, description: 'The send.' }) },
    resolve: async (_, { input }, ctx) => {
      const account = accountOrBadInput(ctx, input.account);
      const request = { ...requestedSend(input), account };
      const now = ctx.clock.now();
      const existing = await campaignOfKey(ctx, account.appId, input.idempotencyKey);
      const { issues, requests, openIds } = await ctx.delivery.plan(request);
      const { scheduledAt, audience } = request;
      // No quota can be asked for of a time that no database knows.
      const at = leavesAt(scheduledAt && scheduledAt < LATEST_SCHEDULE ? scheduledAt : null, now);
      const isAsked = audience.kind === AudienceKind.TAG && issues.length === 0;
      const tags = isAsked ? await orNull(ctx.wechat(account.appId).tags()) : null;
      const tag = tags?.find(({ id }) => audience.kind === AudienceKind.TAG && id === audience.tagId);
      const isUnknownTag = tags !== null && tag === undefined;
      const calls = isUnknownTag || existing ? [] : requests;
      const recipients = openIds?.length ?? tag?.followers ?? null;
      return {
        existing,
        issues: isUnknownTag ? [issue(['audience', 'tagId'], 'is not a tag of the account')] : issues,
        requests: calls,
        recipients,
        quotas: await plannedQuotas(ctx, account, at, calls.length, audience.kind === AudienceKind.ALL),
        recipientsWithFourThisMonth: openIds && (await withFourThisMonth(ctx, account.appId, openIds, at)),
        estimatedSeconds: ctx.sending.heldSince()
          ? null
          : await estimate(ctx, account, calls.length, recipients),
      };
    },
  }),
);
