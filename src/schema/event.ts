import type { EventRow } from '../db/job-changes.ts';
import { builder } from './builder.ts';
import { Campaign, existing } from './campaign.ts';
import { CopyrightCheck } from './copyright.ts';
import { DeliveryCounts, SendJob, SendStatus } from './send-job.ts';

export const Event = builder.interfaceRef<EventRow>('Event').implement({
  description: 'Something that happened, in the order in which it was stored.',
  fields: (t) => ({
    id: t.id({
      description: 'The cursor: it grows with time and goes into `after` to be told what came later.',
      resolve: ({ id }) => String(id),
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When it happened.' }),
    campaign: t.field({
      type: Campaign,
      nullable: true,
      description: 'The campaign it is about, as it is now. Null for a send that was not made here.',
      resolve: ({ campaignId }, _, ctx) => (campaignId ? existing(ctx, campaignId) : null),
    }),
  }),
  resolveType: ({ type }) => type,
});

builder.objectRef<EventRow>('SendJobChanged').implement({
  description: 'A job came to another status, or more became known of it in the one it has.',
  interfaces: [Event],
  fields: (t) => ({
    job: t.field({
      type: SendJob,
      description: 'The job, as it is now.',
      resolve: async ({ jobId }, _, { loaders }) => {
        const job = jobId ? await loaders.job.load(jobId) : null;
        if (!job) throw new Error(`job ${jobId} is gone`);
        return job;
      },
    }),
    status: t.field({
      type: SendStatus,
      description: 'The status it had then.',
      resolve: ({ status }) => {
        if (!status) throw new Error('a change of a job has a status');
        return status;
      },
    }),
  }),
});

builder.objectRef<EventRow>('MassSendJobFinished').implement({
  description:
    "WeChat's result event MASSSENDJOBFINISH, as it arrived. It may arrive again with other contents; the last one counts. One that came before anybody could know whose it is was told without a campaign, and is told once more with it.",
  interfaces: [Event],
  fields: (t) => ({
    msgId: t.id({
      description: "WeChat's id of the send.",
      resolve: ({ msgId }) => {
        if (!msgId) throw new Error('a result event has a msg_id');
        return msgId;
      },
    }),
    rawStatus: t.string({ description: 'Status, as it came.', resolve: ({ rawStatus }) => rawStatus ?? '' }),
    counts: t.expose('counts', {
      type: DeliveryCounts,
      nullable: true,
      description: "WeChat's figures. Null where it gave none.",
    }),
    copyrightCheck: t.expose('copyrightCheck', {
      type: CopyrightCheck,
      nullable: true,
      description: 'The copyright check. Null where it tells of none.',
    }),
  }),
});
