import type { CampaignProgress as Progress } from '../campaigns/progress.ts';
import { builder } from './builder.ts';

export const CampaignProgress = builder.objectRef<Progress>('CampaignProgress').implement({
  description: 'How far a campaign has come.',
  fields: (t) => ({
    jobsDone: t.exposeInt('jobsDone', { description: 'Jobs whose outcome is known.' }),
    jobsTotal: t.exposeInt('jobsTotal', { description: 'All jobs.' }),
    recipientsDone: t.exposeInt('recipientsDone', {
      description: 'Whom those jobs were addressed to whose outcome is known.',
    }),
    recipientsTotal: t.exposeInt('recipientsTotal', {
      nullable: true,
      description: 'Whom all jobs are addressed to. Null for ALL and TAG until the result event tells.',
    }),
    estimatedFinishAt: t.expose('estimatedFinishAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When the last job leaves at the pace of the account. Null once all have left, and while nothing leaves: see `gateway { heldSince }`.',
    }),
  }),
});
