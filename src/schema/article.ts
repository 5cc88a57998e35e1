import type { ArticleKey } from '../db/analytics-store.ts';
import { ArticleDailyStats, ArticleTotals, statsOfDays } from './article-stats.ts';
import { builder } from './builder.ts';
import { Campaign, existing } from './campaign.ts';
import { figuresOfArticle, latestTotals } from './campaign-stats.ts';

export const ArticleStats = builder.objectRef<ArticleKey>('ArticleStats').implement({
  description: "WeChat's analytics of an article, sent here or elsewhere.",
  fields: (t) => ({
    analyticsMsgId: t.exposeID('articleMsgid', { description: 'Its key, "<msgDataId>_<index>".' }),
    title: t.string({
      nullable: true,
      description: 'As WeChat gives it. Null where it did not.',
      resolve: async (key, _, { loaders }) =>
        (await loaders.articleDays.load(key)).findLast(({ title }) => title !== null)?.title ?? null,
    }),
    sentDay: t.field({
      type: 'Date',
      nullable: true,
      description: 'The day it was sent. Null where WeChat did not say.',
      resolve: async (key, _, { loaders }) =>
        (await loaders.articleDays.load(key)).findLast(({ sentDay }) => sentDay !== null)?.sentDay ?? null,
    }),
    campaign: t.field({
      type: Campaign,
      nullable: true,
      description: 'The campaign that sent it. Null for what was sent elsewhere.',
      resolve: async (key, _, ctx) => {
        const [sender] = await ctx.loaders.campaignsOfArticle.load(key);
        return sender ? existing(ctx, sender.campaignId) : null;
      },
    }),
    totals: t.field({
      type: ArticleTotals,
      nullable: true,
      description:
        'The last that is known of every figure since the sending, and where WeChat gives none, the sum of its days. Null where nothing is known.',
      resolve: async (key, _, { loaders }) => {
        const days = await loaders.articleDays.load(key);
        return days.length === 0 ? null : { ...latestTotals(days), ...figuresOfArticle(days) };
      },
    }),
    dailyStats: t.field({
      type: [ArticleDailyStats],
      description: 'By day, oldest first. Empty where nothing is known.',
      args: {
        from: t.arg({ type: 'Date', description: 'Not the days before.' }),
        to: t.arg({ type: 'Date', description: 'Not the days after.' }),
      },
      resolve: (key, { from, to }, ctx) => statsOfDays(ctx, key, from, to),
    }),
  }),
});
