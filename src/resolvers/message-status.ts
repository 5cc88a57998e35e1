import { type InputIssue, when } from '../campaigns/input-issue.ts';
import { builder } from '../schema/builder.ts';
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

builder.queryField('messageStatus', (t) =>
  t.field({
    type: MessageStatusResult,
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
      const campaign = job ? await ctx.loaders.campaign.load(job.campaignId) : null;
      if (!(seen instanceof WechatError))
        return { msgId, seenStatus: seen.status, rawStatus: seen.rawStatus, campaign };
      const age = ctx.clock.now().getTime() - (job?.submittedAt?.getTime() ?? 0);
      if (job && isUnknownSend(seen) && age < NOT_VISIBLE_YET_MS) {
        return { msgId, seenStatus: job.status, rawStatus: null, campaign };
      }
      throw seen;
    },
  }),
);
