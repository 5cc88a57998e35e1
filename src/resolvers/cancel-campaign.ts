import { Scope } from '../access/scope.ts';
import type { Campaign as CampaignShape, SendJob as Job } from '../campaigns/campaign.ts';
import { InvalidInputError } from '../campaigns/errors.ts';
import { issue } from '../campaigns/input-issue.ts';
import { SendStatus } from '../campaigns/status.ts';
import { refuseBrokenText } from '../schema/bad-user-input.ts';
import { builder } from '../schema/builder.ts';
import { Campaign, existing } from '../schema/campaign.ts';
import { needs } from '../schema/needs.ts';
import { SendJob } from '../schema/send-job.ts';
import { createLoaders } from './loaders.ts';

interface Success {
  canceledCampaign: CampaignShape;
  canceled: Job[];
  departed: Job[];
}

const CancelCampaignSuccess = builder.objectRef<Success>('CancelCampaignSuccess').implement({
  description: 'What had not left will not leave. What had, cannot be called back.',
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'canceledCampaign' in value,
  fields: (t) => ({
    campaign: t.expose('canceledCampaign', {
      type: Campaign,
      description: 'The campaign.',
    }),
    canceled: t.expose('canceled', {
      type: [SendJob],
      description: 'The jobs that were stopped.',
    }),
    departed: t.expose('departed', {
      type: [SendJob],
      description:
        'The jobs that had left, or may have: SUBMITTING, UNKNOWN, SENDING and all that had ended before. A SUBMITTING one that WeChat puts off is CANCELED then.',
    }),
  }),
});

const CancelCampaignResult = builder.errorUnion('CancelCampaignResult', {
  description: 'What came of cancelCampaign.',
  types: [CancelCampaignSuccess, InvalidInputError],
});

builder.mutationField('cancelCampaign', (t) =>
  t.field({
    type: CancelCampaignResult,
    extensions: needs(Scope.SEND),
    description: 'Stops what has not left yet, and says what has. Asked again, it answers the same.',
    args: { id: t.arg.id({ required: true, description: 'The campaign.' }) },
    resolve: async (_, { id }, ctx) => {
      refuseBrokenText({ id });
      // Those of accounts that are not configured any more are not seen, and so not canceled either.
      if (!(await ctx.loaders.campaign.load(id)))
        throw new InvalidInputError([issue(['id'], 'is not a campaign of this gateway')]);
      const jobs = await ctx.control.cancel(id, ctx.clock.now());
      ctx.loaders = createLoaders(ctx);
      return {
        canceledCampaign: await existing(ctx, id),
        canceled: jobs.filter(({ status }) => status === SendStatus.CANCELED),
        departed: jobs.filter(({ status }) => status !== SendStatus.CANCELED),
      };
    },
  }),
);
