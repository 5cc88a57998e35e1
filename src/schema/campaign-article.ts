import type { SentArticle } from '../campaigns/campaign.ts';
import type { CopyrightResult as Copyright } from '../campaigns/delivery-result.ts';
import { ArticleDailyStats, statsOfDays } from './article-stats.ts';
import { builder } from './builder.ts';
import { CopyrightResult } from './copyright.ts';

export const CampaignArticle = builder
  .objectRef<SentArticle & { appId: string; copyright: Copyright | null }>('CampaignArticle')
  .implement({
    description:
      'An article as it was sent. Its texts are null where the material was not uploaded through this gateway.',
    fields: (t) => ({
      index: t.exposeInt('index', { description: 'Its position, from 1.' }),
      title: t.exposeString('title', {
        nullable: true,
        description: 'Null where the material was not uploaded here.',
      }),
      author: t.exposeString('author', {
        nullable: true,
        description: 'Null where none was given or the material was not uploaded here.',
      }),
      digest: t.exposeString('digest', {
        nullable: true,
        description: 'Null where none was given or the material was not uploaded here.',
      }),
      contentSourceUrl: t.exposeString('contentSourceUrl', {
        nullable: true,
        description:
          'Where "read the original" leads. Null where none was given or the material was not uploaded here.',
      }),
      url: t.exposeString('url', {
        nullable: true,
        description: 'Its address. Null until the result event tells.',
      }),
      analyticsMsgId: t.exposeID('articleMsgid', {
        nullable: true,
        description:
          'The key of WeChat\'s article analytics, "<msgDataId>_<index>". Null without a msgDataId.',
      }),
      deletedAt: t.field({
        type: 'DateTime',
        nullable: true,
        description:
          'When it was deleted through this gateway, alone or with the others. Null while it can be read.',
        resolve: ({ deletedAt }) => deletedAt,
      }),
      dailyStats: t.field({
        type: [ArticleDailyStats],
        description:
          "WeChat's figures by day, oldest first. Empty while nothing is known: they come the morning after, and never for a send without a msgDataId.",
        args: {
          from: t.arg({ type: 'Date', description: 'Not the days before.' }),
          to: t.arg({ type: 'Date', description: 'Not the days after.' }),
        },
        resolve: ({ appId, articleMsgid }, { from, to }, ctx) =>
          articleMsgid === null ? [] : statsOfDays(ctx, { appId, articleMsgid }, from, to),
      }),
      copyright: t.field({
        type: CopyrightResult,
        nullable: true,
        description: 'Its copyright check. Null where WeChat reports none.',
        resolve: ({ copyright }) => copyright,
      }),
    }),
  });
