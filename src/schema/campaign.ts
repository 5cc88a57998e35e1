import type { Campaign as CampaignShape, SendJob as Job } from '../campaigns/campaign.ts';
import type { DeliveryCounts as Counts } from '../campaigns/delivery-result.ts';
import { leavesAt } from '../campaigns/mass-send-request.ts';
import { MessageType as MessageTypes } from '../campaigns/message.ts';
import { progressOf } from '../campaigns/progress.ts';
import { type Soon, withIt } from '../soon.ts';
import { Account } from './account.ts';
import { Audience } from './audience.ts';
import { builder } from './builder.ts';
import { CampaignArticle } from './campaign-article.ts';
import { CampaignProgress } from './campaign-progress.ts';
import type { Account as AccountShape, Context } from './context.ts';
import { CopyrightCheck } from './copyright.ts';
import { Node } from './node.ts';
import {
  copyrightCheckOf,
  countsOf,
  DeliveryCounts,
  failureOf,
  SendFailure,
  SendJob,
  SendStatus,
} from './send-job.ts';

export const MessageType = builder.enumType(MessageTypes, {
  name: 'MessageType',
  description: 'What is sent. IMAGE is one picture or several.',
});

function accountOf({ appId }: CampaignShape, { accounts }: Context): AccountShape {
  const account = accounts.find((candidate) => candidate.appId === appId);
  if (!account) throw new Error(`account ${appId} is not configured any more`);
  return account;
}

const jobsOf = ({ id }: CampaignShape, { loaders }: Context): Soon<readonly Job[]> =>
  loaders.jobsOfCampaign.load(id);

/** Goes on with the first job, as soon as it is there. */
const withFirstJob = <T>(campaign: CampaignShape, ctx: Context, goOn: (job: Job) => Soon<T>): Soon<T> =>
  withIt(jobsOf(campaign, ctx), ([first]) => {
    if (!first) throw new Error(`campaign ${campaign.id} has no jobs`);
    return goOn(first);
  });

/** A campaign that is there, because something that was read points at it. */
export async function existing({ loaders }: Context, id: string): Promise<CampaignShape> {
  const campaign = await loaders.campaign.load(id);
  if (!campaign) throw new Error(`campaign ${id} is gone`);
  return campaign;
}

function sum(jobs: readonly Job[]): Counts | null {
  const counts = jobs.map(countsOf).filter((count) => count !== null);
  if (counts.length === 0) return null;
  const total = (figure: keyof Counts) => counts.reduce((all, count) => all + count[figure], 0);
  return { total: total('total'), eligible: total('eligible'), sent: total('sent'), failed: total('failed') };
}

export const Campaign = builder.objectRef<CampaignShape>('Campaign');
Campaign.implement({
  description: 'One mass send as it was asked for, with what became of it.',
  interfaces: [Node],
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'audienceKind' in value,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Unique among all nodes of this gateway.' }),
    account: t.field({
      type: Account,
      description: 'Who sends it.',
      resolve: (campaign, _, ctx) => accountOf(campaign, ctx),
    }),
    label: t.exposeString('label', {
      nullable: true,
      description: 'A name of your own. Null where none was given.',
    }),
    idempotencyKey: t.exposeString('idempotencyKey', { description: 'The key it was asked for with.' }),
    messageType: t.expose('messageType', {
      type: MessageType,
      description: 'What is sent.',
    }),
    mediaId: t.exposeID('mediaId', {
      nullable: true,
      description: 'The material that is sent. Null for a text, several images and a card.',
    }),
    audience: t.field({
      type: Audience,
      description: 'Whom it is sent to.',
      resolve: (campaign) => campaign,
    }),
    sendIgnoreReprint: t.exposeBoolean('sendIgnoreReprint', {
      description: 'Whether it goes on where an article is found to be a reprint that its author allows.',
    }),
    status: t.expose('status', {
      type: SendStatus,
      description:
        'Over all jobs: UNKNOWN if any is; else SENDING if any is submitting, sending, or pending after others were accepted; else PENDING (SUBMITTING for a single job under way); else, all being final, SENT if any is, else that of the first.',
    }),
    msgId: t.id({
      nullable: true,
      description: 'Of the first job. Null until WeChat accepted it.',
      resolve: (campaign, _, ctx) => withFirstJob(campaign, ctx, ({ msgId }) => msgId),
    }),
    msgDataId: t.id({
      nullable: true,
      description: 'Of the first job. Null unless WeChat gave one, which it does for mpnews.',
      resolve: (campaign, _, ctx) => withFirstJob(campaign, ctx, ({ msgDataId }) => msgDataId),
    }),
    jobs: t.field({
      type: [SendJob],
      description: 'One, or one for every 10,000 OpenIDs.',
      resolve: (campaign, _, ctx) => jobsOf(campaign, ctx),
    }),
    progress: t.field({
      type: CampaignProgress,
      description: 'How far it has come.',
      resolve: async (campaign, _, ctx) => {
        const { callsPerMinute } = accountOf(campaign, ctx).limits;
        const from = leavesAt(campaign.scheduledAt, ctx.clock.now());
        const pace = ctx.sending.heldSince() ? null : { callsPerMinute, from };
        return progressOf(await jobsOf(campaign, ctx), pace);
      },
    }),
    counts: t.field({
      type: DeliveryCounts,
      nullable: true,
      description: "WeChat's figures, summed over the jobs. Null until a result event with figures arrived.",
      resolve: (campaign, _, ctx) => withIt(jobsOf(campaign, ctx), sum),
    }),
    articles: t.field({
      type: [CampaignArticle],
      description:
        'The articles of an mpnews campaign, in order, as far as they are known, by the first job that WeChat accepted; else empty.',
      resolve: (campaign, _, ctx) => {
        if (campaign.messageType !== MessageTypes.MPNEWS) return [];
        const articles = withIt(jobsOf(campaign, ctx), (jobs) => {
          const job = jobs.find(({ msgId }) => msgId !== null) ?? jobs[0];
          return job ? ctx.loaders.articlesOfJob.load(job.id) : [];
        });
        return withIt(articles, (all) => all.map((article) => ({ article, campaign })));
      },
    }),
    copyrightCheck: t.field({
      type: CopyrightCheck,
      nullable: true,
      description: 'Of the first job that has one. Null until a result event tells of one.',
      resolve: async (campaign, _, ctx) => {
        const checked = (await jobsOf(campaign, ctx)).find((job) => job.copyrightState !== null);
        return checked ? copyrightCheckOf(checked, ctx) : null;
      },
    }),
    failure: t.field({
      type: SendFailure,
      nullable: true,
      description:
        'Of the first job that has one: why it failed, or what it waits for. Null where nothing is wrong.',
      resolve: async (campaign, _, ctx) =>
        (await jobsOf(campaign, ctx)).map((job) => failureOf(job, ctx)).find((failure) => failure !== null) ??
        null,
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When it was asked for.',
    }),
    scheduledAt: t.expose('scheduledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'It does not leave before then. Null: at once.',
    }),
    sendBefore: t.expose('sendBefore', {
      type: 'DateTime',
      nullable: true,
      description: 'What has not left by then expires unsent. Null: never.',
    }),
    submittedAt: t.expose('submittedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When its first job was handed to WeChat. Null until then.',
    }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the outcome of its last job became known. Null until then.',
    }),
    deletedAt: t.expose('deletedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was deleted. Null where it was not.',
    }),
  }),
});
