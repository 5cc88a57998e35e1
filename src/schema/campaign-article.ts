import type { Campaign, SentArticle } from '../campaigns/campaign.ts';
import { ArticleDailyStats, statsOfDays } from './article-stats.ts';
import { builder } from './builder.ts';
import { CopyrightResult } from './copyright.ts';

export const CampaignArticle = builder
  .objectRef<{ article: SentArticle; campaign: Pick<Campaign, 'appId'> }>('CampaignArticle')
  .implement({
    description:
      'An article as it was sent. Its texts are null where the material was not uploaded through this gateway.',
    fields: (t) => ({
      index: t.int({ description: 'Its position, from 1.', resolve: ({ article }) => article.index }),
      title: t.string({
        nullable: true,
        description: 'Null where the material was not uploaded here.',
        resolve: ({ article }) => article.title,
      }),
      author: t.string({
        nullable: true,
        description: 'Null where none was given or the material was not uploaded here.',
        resolve: ({ article }) => article.author,
      }),
      digest: t.string({
        nullable: true,
        description: 'Null where none was given or the material was not uploaded here.',
        resolve: ({ article }) => article.digest,
      }),
      contentSourceUrl: t.string({
        nullable: true,
        description:
          'Where "read the original" leads. Null where none was given or the material was not uploaded here.',
        resolve: ({ article }) => article.contentSourceUrl,
      }),
      url: t.string({
        nullable: true,
        description: 'Its address. Null until the result event tells.',
        resolve: ({ article }) => article.url,
      }),
      analyticsMsgId: t.id({
        nullable: true,
        description:
          'The key of WeChat\'s article analytics, "<msgDataId>_<index>", of the first job that WeChat accepted; every other job has a msgDataId, and so figures, of its own. Null without a msgDataId.',
        resolve: ({ article }) => article.articleMsgid,
      }),
      deletedAt: t.field({
        type: 'DateTime',
        nullable: true,
        description:
          'When it was deleted, alone or with the others, in this send or another of its material, as far as is known here. Null while nothing is known of it.',
        resolve: ({ article }) => article.deletedAt,
      }),
      dailyStats: t.field({
        type: [ArticleDailyStats],
        description:
          "WeChat's figures by day, oldest first, of the first job that WeChat accepted; `articleStats` has those of the others. Empty while nothing is known: they come the morning after, and never for a send without a msgDataId.",
        args: {
          from: t.arg({ type: 'Date', description: 'Not the days before.' }),
          to: t.arg({ type: 'Date', description: 'Not the days after.' }),
        },
        resolve: ({ campaign, article: { articleMsgid } }, { from, to }, ctx) =>
          articleMsgid === null ? [] : statsOfDays(ctx, { appId: campaign.appId, articleMsgid }, from, to),
      }),
      copyright: t.field({
        type: CopyrightResult,
        nullable: true,
        description: 'Its copyright check. Null where WeChat reports none.',
        resolve: async ({ article: { jobId, index } }, _, { loaders }) =>
          (await loaders.copyrightOfJob.load(jobId)).find(({ articleIndex }) => articleIndex === index) ??
          null,
      }),
    }),
  });
