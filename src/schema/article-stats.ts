import type { ArticleDay, ArticleSourceDay, TotalFigures } from '../campaigns/analytics.ts';
import type { Day } from '../campaigns/days.ts';
import type { ArticleKey } from '../db/analytics-store.ts';
import { dailyOf, type ReadingFigures, ReadingFiguresInterface, totalsOf } from './article-figures.ts';
import { badUserInput } from './bad-user-input.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';

type Totals = TotalFigures & ReadingFigures;

export const ArticleTotals = builder.objectRef<Totals>('ArticleTotals').implement({
  description: 'Figures of an article from its sending to the end of a day. Null: WeChat did not say.',
  interfaces: [ReadingFiguresInterface],
  fields: (t) => {
    const int = (name: keyof TotalFigures, description: string) =>
      t.exposeInt(name, { nullable: true, description: `${description} Null where WeChat did not say.` });
    const float = (name: keyof TotalFigures, description: string) =>
      t.exposeFloat(name, { nullable: true, description: `${description} Null where WeChat did not say.` });
    return {
      targetUsers: int('targetUsers', 'People it was sent to, about.'),
      likers: int('totalLikeUsers', 'People who gave it a thumb.'),
      hearts: int('totalHeartUsers', 'People who gave it a heart ("wow" in earlier years).'),
      comments: int('totalCommentCount', 'Comments.'),
      rewardFen: int('totalRewardFen', 'Rewards, in hundredths of a yuan.'),
      newFollowers: int('totalSubscribeUsers', 'People who followed the account after reading.'),
      deliveryRate: float('deliveryRate', 'Readers among those it was delivered to, 0 to 1.'),
      finishRate: float('finishRate', 'Readers who came to its end, 0 to 1.'),
      averageSeconds: float('averageSeconds', 'How long it was read on average, in seconds.'),
    };
  },
});

const SourceStats = builder.objectRef<ArticleSourceDay>('ArticleSourceStats').implement({
  description:
    'Readers of a day who came from one place. Somebody who came from two is counted in both. Null: WeChat did not say.',
  fields: (t) => {
    const figure = (name: Exclude<keyof ArticleSourceDay, 'articleMsgid' | 'day' | 'source'>, what: string) =>
      t.exposeInt(name, { nullable: true, description: `${what} Null where WeChat did not say.` });
    return {
      source: t.exposeString('source', {
        description:
          "SESSION (the message itself), FRIENDS (a conversation), MOMENTS, PROFILE (the account's page), RECOMMENDED, SEARCH, OTHER, or WeChat's own word for a place that is new.",
      }),
      readers: figure('readUsers', 'People, on this day.'),
      reads: figure('readCount', 'How often, on this day.'),
      sharers: figure('shareUsers', 'People who shared it, on this day.'),
      shares: figure('shareCount', 'How often it was shared, on this day.'),
      totalReaders: figure('totalReadUsers', 'People, since the sending.'),
      totalReads: figure('totalReadCount', 'How often, since the sending.'),
      totalSharers: figure('totalShareUsers', 'People who shared it to Moments, since the sending.'),
      totalShares: figure('totalShareCount', 'How often it was shared to Moments, since the sending.'),
    };
  },
});

type DayShape = ArticleDay & ArticleKey & ReadingFigures & { fetchedAt: Date };

export const ArticleDailyStats = builder.objectRef<DayShape>('ArticleDailyStats').implement({
  description: 'Figures of an article on one day.',
  interfaces: [ReadingFiguresInterface],
  fields: (t) => ({
    day: t.expose('day', { type: 'Date', description: 'The day, in Beijing.' }),
    totals: t.field({
      type: ArticleTotals,
      description: 'From the sending to the end of this day.',
      resolve: (day) => ({ ...day, ...totalsOf(day) }),
    }),
    sources: t.field({
      type: [SourceStats],
      description: 'By where readers came from. Empty where WeChat did not say.',
      resolve: async (row, _, { loaders }) =>
        (await loaders.articleSources.load(row)).filter(({ day }) => day === row.day),
    }),
    fetchedAt: t.expose('fetchedAt', {
      type: 'DateTime',
      description: 'When WeChat last said something of this day.',
    }),
  }),
});

export async function statsOfDays(
  { loaders }: Context,
  { appId, articleMsgid }: ArticleKey,
  from?: Day | null,
  to?: Day | null,
): Promise<DayShape[]> {
  if (from != null && to != null && from > to) throw badUserInput('from must not be after to');
  const days = await loaders.articleDays.load({ appId, articleMsgid });
  return days
    .filter(({ day }) => (from == null || day >= from) && (to == null || day <= to))
    .map((day) => ({ ...day, appId, ...dailyOf(day) }));
}
