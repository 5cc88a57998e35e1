import { Scope } from '../access/scope.ts';
import type { AccountLimits } from '../campaigns/account.ts';
import { InvalidInputError, QuotaExceededError } from '../campaigns/errors.ts';
import { checkText, isBlank, issue } from '../campaigns/input-issue.ts';
import { checkMassSend } from '../campaigns/mass-send-request.ts';
import { checkMaterials, mediaIdsOf } from '../campaigns/material.ts';
import { checkMessage, messageType } from '../campaigns/message.ts';
import { openIdFault } from '../campaigns/open-ids.ts';
import { exhaustedRules, quotaRules } from '../campaigns/quota.ts';
import { SendStatus } from '../campaigns/status.ts';
import { builder } from '../schema/builder.ts';
import { existing } from '../schema/campaign.ts';
import type { Context } from '../schema/context.ts';
import { MassSendInput } from '../schema/mass-send-input.ts';
import { MessageInput, messageOf } from '../schema/message-input.ts';
import { ITS_OWN_RECORD, needs } from '../schema/needs.ts';
import { MassSendResult, PreviewResult } from '../schema/results.ts';
import { WechatError } from '../wechat/errors.ts';
import { failureOf, isNoVerdict, isUsedUp } from '../wechat/submit.ts';
import { accountArgument, findAccount, noAccount } from './account-argument.ts';
import { requestedSend } from './requested-send.ts';

const PreviewRecipientInput = builder.inputType('PreviewRecipientInput', {
  description: 'The one person who gets a preview: exactly one of these.',
  isOneOf: true,
  fields: (t) => ({
    openId: t.string({ description: 'A follower, by OpenID.' }),
    wxName: t.string({
      description:
        'Anybody, by WeChat name (微信号); as often in a day as the quota PREVIEWS_PER_DAY allows.',
    }),
  }),
});

const PreviewInput = builder.inputType('PreviewInput', {
  description: 'A preview of a message.',
  fields: (t) => ({
    to: t.field({ type: PreviewRecipientInput, required: true, description: 'Who gets it.' }),
    message: t.field({
      type: MessageInput,
      required: true,
      description: 'What is sent. `images` cannot be previewed.',
    }),
    account: t.id({ description: 'The app id. May be left out where one account is configured.' }),
  }),
});

builder.mutationField('massSend', (t) =>
  t.field({
    type: MassSendResult,
    extensions: { ...needs(Scope.SEND), ...ITS_OWN_RECORD },
    description:
      'Sends a message to many (message/mass/sendall, message/mass/send), once. The intent is stored before WeChat is called; the answer comes as soon as the outcome of the first call is known, or after ten seconds with what is known by then. What happens later is told by the campaign, by `campaignUpdated` and by `events`.',
    args: { input: t.arg({ type: MassSendInput, required: true, description: 'The send.' }) },
    resolve: async (_, { input }, ctx) => {
      const account = findAccount(ctx, input.account);
      const send = requestedSend(input);
      if (!account) {
        throw new InvalidInputError([
          noAccount(input.account),
          ...checkMassSend({ ...send, account }, ctx.clock.now()),
        ]);
      }
      if (!ctx.record) throw new Error('a mutation is on record');
      const { campaignId, replayed } = await ctx.delivery.submit({ ...send, account }, ctx.record);
      const jobs = await ctx.loaders.jobsOfCampaign.load(campaignId);
      const { code = null, rawStatus } = jobs[0]?.failure ?? {};
      // Refused before anything of it was accepted; asked again, the same key is told the same. What is refused of one batch is told by
      // the campaign, as the others go on.
      if (code !== null && jobs.every(({ status, msgId }) => status === SendStatus.FAILED && msgId === null))
        throw new WechatError(code, rawStatus ?? '', campaignId);
      return { campaign: await existing(ctx, campaignId), replayed };
    },
  }),
);

function wxNameFault(text: string): string | null {
  if (isBlank(text)) return 'must not be blank';
  return /\s/.test(text) ? 'must not contain white space' : null;
}

/** A preview that WeChat refused used nothing up; one without a verdict may have arrived, and counts. */
async function endRefused(
  ctx: Context,
  { id, appId, limits, at }: { id: string; appId: string; limits: AccountLimits; at: Date },
  error: WechatError,
): Promise<void> {
  if (isNoVerdict(error)) return;
  await ctx.quotas.endPreview(id, { failure: failureOf(error) });
  if (isUsedUp(error))
    await ctx.quotas.recordExhausted(appId, exhaustedRules(limits, at, 'PREVIEWS', false), at);
}

builder.mutationField('preview', (t) =>
  t.field({
    type: PreviewResult,
    extensions: needs(Scope.SEND),
    description:
      'Sends a message to one person to look at (message/mass/preview). No campaign is made of it.',
    args: { input: t.arg({ type: PreviewInput, required: true, description: 'The preview.' }) },
    resolve: async (_, { input }, ctx) => {
      const message = messageOf(input.message);
      const { openId, wxName } = input.to;
      const to = wxName != null ? { wxName } : { openId: openId ?? '' };
      const wrong = wxName != null ? wxNameFault(wxName) : openIdFault(openId ?? '');
      const path = ['to', wxName != null ? 'wxName' : 'openId'];
      const at = ctx.clock.now();
      const named = findAccount(ctx, input.account);
      const materials = named ? await ctx.materials.find(named.appId, mediaIdsOf(message)) : [];
      const { appId, limits } = accountArgument(ctx, input.account, [
        ...checkText({ to: input.to }),
        ...(wrong === null ? [] : [issue(path, wrong)]),
        ...checkMessage(message, 'preview'),
        ...checkMaterials(message, materials, at),
      ]);
      const id = ctx.ids.next('prv');
      const preview = { id, appId, at, byWxName: wxName != null, messageType: messageType(message) };
      const exceeded = await ctx.quotas.reservePreview(preview, quotaRules(limits, at));
      if (exceeded) throw new QuotaExceededError(exceeded);
      try {
        const previewMsgId = await ctx.wechat(appId).preview(message, to);
        await ctx.quotas.endPreview(id, { msgId: previewMsgId });
        return { previewMsgId };
      } catch (error) {
        if (error instanceof WechatError) await endRefused(ctx, { id, appId, limits, at }, error);
        throw error;
      }
    },
  }),
);
