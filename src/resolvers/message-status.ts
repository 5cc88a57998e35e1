import type { SendJob } from '../campaigns/campaign.ts';
import { type InputIssue, when } from '../campaigns/input-issue.ts';
import { askingWechat } from '../schema/ask-wechat.ts';
import { builder } from '../schema/builder.ts';
import type { Context } from '../schema/context.ts';
import { FAR_LOOK } from '../schema/cost.ts';
import { MessageStatusResult } from '../schema/results.ts';
import { isUnknownSend, WechatError } from '../wechat/errors.ts';
import { accountArgument } from './account-argument.ts';

/** Right after a send WeChat may not know it yet. */
const NOT_VISIBLE_YET_MS = 60_000;

export const checkMsgId = (msgId: string): InputIssue[] =>
  when(!/^[1-9]\d{0,19}$/.test(msgId), ['msgId'], 'must be the digits of a msg_id');

function refusalOf(error: unknown): WechatError {
  if (error instanceof WechatError) return error;
  throw error;
}

async function isJustAccepted({ statuses, clock }: Context, job: SendJob): Promise<boolean> {
  const acceptedAt = await statuses.acceptedAt(job);
  return acceptedAt !== null && clock.now().getTime() - acceptedAt.getTime() < NOT_VISIBLE_YET_MS;
}

builder.queryField('messageStatus', (t) =>
  t.field({
    type: MessageStatusResult,
    complexity: FAR_LOOK,
    extensions: askingWechat,
    description:
      'Asks WeChat what became of a send (message/mass/get), once a request for each msgId. What it answers is taken down for the campaign too. It gives no figures: those come with the result event alone.',
    args: {
      msgId: t.arg.id({ required: true, description: "WeChat's id of a send, made here or elsewhere." }),
      account: t.arg.id({ description: 'The app id. May be left out where one account is configured.' }),
    },
    resolve: async (_, { msgId, account }, ctx) => {
      const { appId } = accountArgument(ctx, account, checkMsgId(msgId));
      const seen = await ctx.loaders.massStatus.load({ appId, msgId }).catch(refusalOf);
      const job = await ctx.campaigns.jobByMsgId(appId, msgId);
      // Another field of the same request may have read it before WeChat's answer was taken down.
      const campaign = job ? await ctx.loaders.campaign.clear(job.campaignId).load(job.campaignId) : null;
      if (!(seen instanceof WechatError))
        return { msgId, seenStatus: seen.status, rawStatus: seen.rawStatus, campaign };
      if (job && isUnknownSend(seen) && (await isJustAccepted(ctx, job))) {
        return { msgId, seenStatus: job.status, rawStatus: null, campaign };
      }
      throw seen;
    },
  }),
);
