import { Scope } from '../access/scope.ts';
import { articleLimits } from '../campaigns/article.ts';
import type { Campaign, SendJob } from '../campaigns/campaign.ts';
import { type InputIssue, when } from '../campaigns/input-issue.ts';
import { MessageType } from '../campaigns/message.ts';
import { speedOf } from '../campaigns/speed.ts';
import { SendStatus } from '../campaigns/status.ts';
import { builder } from '../schema/builder.ts';
import type { Context } from '../schema/context.ts';
import { needs } from '../schema/needs.ts';
import { DeleteMassResult, SetSpeedResult } from '../schema/results.ts';
import { WechatError } from '../wechat/errors.ts';
import { isNoVerdict } from '../wechat/submit.ts';
import { accountArgument, findAccount } from './account-argument.ts';
import { createLoaders } from './loaders.ts';
import { checkMsgId } from './message-status.ts';

/** Only what was sent can be deleted, and only articles and videos; of a send that was not made here WeChat is the judge. */
function checkDeletable(job: SendJob, campaign: Campaign | null): InputIssue[] {
  const deletable: string[] = [MessageType.MPNEWS, MessageType.MPVIDEO];
  // A send that WeChat works on may be through by now; it knows, and a deletion that is repeated does no harm.
  const reached: string[] = [SendStatus.SENDING, SendStatus.SENT, SendStatus.DELETED];
  return [
    ...when(
      campaign !== null && !deletable.includes(campaign.messageType),
      ['msgId'],
      `is a send of ${campaign?.messageType}; only mpnews and mpvideo can be deleted`,
    ),
    ...when(
      !reached.includes(job.status),
      ['msgId'],
      `is a send that is ${job.status}; only what was sent can be deleted`,
    ),
  ];
}

/** WeChat may still be at it. */
const LOOK_AFTER_MS = 60_000;

async function doubtDeletion(ctx: Context, appId: string, msgId: string): Promise<void> {
  await ctx.statuses.doubtDeletion(appId, msgId, new Date(ctx.clock.now().getTime() + LOOK_AFTER_MS));
  ctx.delivery.askForResults(appId);
}

builder.mutationField('deleteMass', (t) =>
  t.field({
    type: DeleteMassResult,
    extensions: needs(Scope.SEND),
    description:
      'Deletes what was sent (message/mass/delete): mpnews and mpvideo only. The pages die, the cards that people have received stay. All sends of the same material share its pages: where all of it is deleted, WeChat is asked what has become of the others, and they follow.',
    args: {
      msgId: t.arg.id({ required: true, description: "WeChat's id of a send, made here or elsewhere." }),
      articleIndex: t.arg.int({ description: 'One article, from 1. Left out or 0: all.' }),
      account: t.arg.id({ description: 'The app id. May be left out where one account is configured.' }),
    },
    resolve: async (_, { msgId, ...args }, ctx) => {
      const index = args.articleIndex ?? 0;
      const named = findAccount(ctx, args.account);
      const misspelt = checkMsgId(msgId);
      const job = named && misspelt.length === 0 ? await ctx.campaigns.jobByMsgId(named.appId, msgId) : null;
      const campaign = job ? await ctx.loaders.campaign.load(job.campaignId) : null;
      const { appId } = accountArgument(ctx, args.account, [
        ...misspelt,
        ...when(
          index < 0 || index > articleLimits.articles,
          ['articleIndex'],
          `must be 0 to ${articleLimits.articles}`,
        ),
        ...(job ? checkDeletable(job, campaign) : []),
      ]);
      const articleIndex = index === 0 ? null : index;
      try {
        await ctx.wechat(appId).deleteMass(msgId, articleIndex);
      } catch (error) {
        if (error instanceof WechatError && isNoVerdict(error)) await doubtDeletion(ctx, appId, msgId);
        throw error;
      }
      // Before it is taken down: WeChat may be asked for the others at once then, and says that they are deleted.
      const alsoInvalidated = campaign ? await ctx.campaigns.sameMaterial(campaign) : [];
      await ctx.statuses.recordDeletion(appId, msgId, articleIndex, ctx.clock.now());
      if (!job) return { deleted: null, alsoInvalidated };
      ctx.delivery.askForResults(appId);
      // What was read before is not so any more.
      ctx.loaders = createLoaders(ctx);
      return { deleted: await ctx.loaders.campaign.load(job.campaignId), alsoInvalidated };
    },
  }),
);

builder.mutationField('setSpeed', (t) =>
  t.field({
    type: SetSpeedResult,
    extensions: needs(Scope.SEND),
    description: 'Sets how fast WeChat delivers mass sends of the account (message/mass/speed/set).',
    args: {
      level: t.arg.int({
        required: true,
        description: '0 to 4: 800,000, 600,000, 450,000, 300,000 or 100,000 recipients a minute.',
      }),
      account: t.arg.id({ description: 'The app id. May be left out where one account is configured.' }),
    },
    resolve: async (_, { level, account }, ctx) => {
      const speed = speedOf(level);
      const { appId } = accountArgument(ctx, account, when(speed === null, ['level'], 'must be 0 to 4'));
      await ctx.wechat(appId).setSpeed(level);
      return speed!;
    },
  }),
);
