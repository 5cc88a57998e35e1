import { Scope } from '../access/scope.ts';
import type { Campaign as CampaignShape } from '../campaigns/campaign.ts';
import { InvalidInputError, refuseInvalid } from '../campaigns/errors.ts';
import { issue } from '../campaigns/input-issue.ts';
import type { Settled } from '../db/settle-store.ts';
import { refuseBrokenText } from '../schema/bad-user-input.ts';
import { builder } from '../schema/builder.ts';
import { Campaign, existing } from '../schema/campaign.ts';
import { needs } from '../schema/needs.ts';
import { createLoaders } from './loaders.ts';
import { checkMsgId } from './message-status.ts';

const SettleSendSuccess = builder
  .objectRef<{ settledCampaign: CampaignShape }>('SettleSendSuccess')
  .implement({
    description: 'The outcome is what somebody has found it to be.',
    isTypeOf: (value) => typeof value === 'object' && value !== null && 'settledCampaign' in value,
    fields: (t) => ({
      campaign: t.expose('settledCampaign', {
        type: Campaign,
        description: 'The campaign of the job.',
      }),
    }),
  });

const SettleSendResult = builder.errorUnion('SettleSendResult', {
  description: 'What came of settleSend.',
  types: [SettleSendSuccess, InvalidInputError],
});

const ISSUES: Record<Exclude<Settled['kind'], 'settled' | 'taken'>, string> = {
  noJob: 'is not a job of this gateway',
  notUnknown: 'is not UNKNOWN: its outcome is known',
  askedAgain: 'is still asked of WeChat, which may yet say: within a day of its first call',
};

function settledOrInvalid(settled: Settled) {
  if (settled.kind === 'settled') return settled;
  throw new InvalidInputError([
    settled.kind === 'taken'
      ? issue(['msgId'], `is that of another send, of the campaign ${settled.campaignId}`)
      : issue(['jobId'], ISSUES[settled.kind]),
  ]);
}

builder.mutationField('settleSend', (t) =>
  t.field({
    type: SettleSendResult,
    extensions: needs(Scope.ADMIN),
    description:
      "Tells the outcome of a job that WeChat does not explain any more: one that is UNKNOWN and was last asked for, a day after its first call. Look into the platform's own history before. Nothing is sent. What is told here wrongly is known wrongly.",
    args: {
      jobId: t.arg.id({ required: true, description: 'The job: `SendJob.id`.' }),
      msgId: t.arg.id({
        description:
          'Under which WeChat carried it out, as a result event without a campaign tells it: the job is SENDING then, and takes what was pushed for it. Null: it was not carried out, and is FAILED.',
      }),
    },
    resolve: async (_, { jobId, msgId }, ctx) => {
      refuseBrokenText({ jobId, msgId });
      refuseInvalid(msgId == null ? [] : checkMsgId(msgId));
      // Those of accounts that are not configured any more are not seen, and so not settled either.
      const appIds = ctx.accounts.map(({ appId }) => appId);
      const settled = await ctx.control.settle(jobId, msgId ?? null, appIds, ctx.clock.now());
      const { campaignId, appId } = settledOrInvalid(settled);
      ctx.delivery.askForResults(appId);
      ctx.loaders = createLoaders(ctx);
      return { settledCampaign: await existing(ctx, campaignId) };
    },
  }),
);
