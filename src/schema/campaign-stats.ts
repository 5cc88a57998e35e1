import type { ArticleDay, TotalFigures } from '../campaigns/analytics.ts';
import type { SendJob } from '../campaigns/campaign.ts';
import type { Day } from '../campaigns/days.ts';
import { sumOfKnown } from '../campaigns/progress.ts';
import {
  dailyOf,
  eachFigure,
  type ReadingFigures,
  ReadingFiguresInterface,
  totalsOf,
} from './article-figures.ts';
import { builder } from './builder.ts';
import { Campaign } from './campaign.ts';
import type { Context } from './context.ts';

interface Stats extends ReadingFigures {
  articles: number;
  asOf: Day;
}

const CampaignStats = builder.objectRef<Stats>('CampaignStats').implement({
  description:
    'Figures of a campaign, each summed over its articles: somebody who read two of them counts twice. Of every article the figure since its sending is taken, and where WeChat gives none, the sum of its days.',
  interfaces: [ReadingFiguresInterface],
  fields: (t) => ({
    articles: t.exposeInt('articles', {
      description:
        'Articles that WeChat has figures of, counted for each job anew: every job has figures of its own.',
    }),
    asOf: t.expose('asOf', {
      type: 'Date',
      description: 'The last day that is in these figures.',
    }),
  }),
});

builder.objectField(Campaign, 'stats', (t) =>
  t.field({
    type: CampaignStats,
    nullable: true,
    description:
      "WeChat's article analytics, summed over the articles of all jobs. Null while nothing is known: figures come the morning after.",
    resolve: async ({ id, appId }, _, ctx) =>
      campaignStats(ctx, appId, await ctx.loaders.jobsOfCampaign.load(id)),
  }),
);

/** Null: nothing is known. */
async function campaignStats(
  { loaders }: Context,
  appId: string,
  jobs: readonly SendJob[],
): Promise<Stats | null> {
  const articles = (await Promise.all(jobs.map(({ id }) => loaders.articlesOfJob.load(id)))).flat();
  const ids = new Set(articles.flatMap(({ articleMsgid }) => articleMsgid ?? []));
  const known = await Promise.all(
    [...ids].map((articleMsgid) => loaders.articleDays.load({ appId, articleMsgid })),
  );
  const days = known.filter((rows) => rows.length > 0);
  const asOf = days.flatMap((rows) => rows.map(({ day }) => day)).sort();
  if (asOf.length === 0) return null;
  const each = days.map(figuresOfArticle);
  const figures = eachFigure((name) => sumOfKnown(each.map((article) => article[name])));
  return { ...figures, articles: days.length, asOf: asOf.at(-1)! };
}

/** @param days of one article, oldest first */
export function figuresOfArticle(days: readonly ArticleDay[]): ReadingFigures {
  const totals = totalsOf(latestTotals(days));
  const daily = days.map(dailyOf);
  return eachFigure((name) => totals[name] ?? sumOfKnown(daily.map((day) => day[name])));
}

/** Of every figure, what WeChat said last. */
export function latestTotals(days: readonly ArticleDay[]): TotalFigures {
  const known = days.map((day) => Object.entries(day).filter(([, value]) => value !== null));
  const [first] = days;
  return { ...first, ...Object.fromEntries(known.flat()) } as unknown as TotalFigures;
}
