import type { AnalyticsOutcome, AnalyticsReport } from '../campaigns/analytics.ts';
import type { Kit } from './sqlite-columns.ts';

/** WeChat's article analytics. Every figure that WeChat did not give is null; none is 0 for want of an answer. */
export function createAnalyticsTables(c: Kit) {
  const articleDaily = c.table(
    'article_daily',
    {
      appId: c.text().notNull(),
      /** `<msg_data_id>_<index>`, as in `job_articles`. What was sent elsewhere has a row all the same. */
      articleMsgid: c.text().notNull(),
      /** Of Beijing, like every day here. */
      day: c.date().notNull(),
      title: c.text(),
      url: c.text(),
      sentDay: c.date(),
      /** Followers were told of it; false: published only. */
      notified: c.boolean(),
      // Of the day.
      readUsers: c.integer(),
      readCount: c.integer(),
      originalReadUsers: c.integer(),
      originalReadCount: c.integer(),
      shareUsers: c.integer(),
      shareCount: c.integer(),
      favouriteUsers: c.integer(),
      favouriteCount: c.integer(),
      // From the sending to the end of the day.
      totalReadUsers: c.integer(),
      totalReadCount: c.integer(),
      totalOriginalReadUsers: c.integer(),
      totalOriginalReadCount: c.integer(),
      totalShareUsers: c.integer(),
      totalShareCount: c.integer(),
      totalFavouriteUsers: c.integer(),
      totalFavouriteCount: c.integer(),
      totalLikeUsers: c.integer(),
      totalHeartUsers: c.integer(),
      totalCommentCount: c.integer(),
      /** In hundredths of a yuan. */
      totalRewardFen: c.integer(),
      totalSubscribeUsers: c.integer(),
      targetUsers: c.integer(),
      // Shares from 0 to 1, of all since the sending.
      deliveryRate: c.real(),
      finishRate: c.real(),
      averageSeconds: c.real(),
      leftInFifth1: c.real(),
      leftInFifth2: c.real(),
      leftInFifth3: c.real(),
      leftInFifth4: c.real(),
      leftInFifth5: c.real(),
      fetchedAt: c.dateTime().notNull(),
    },
    (t) => [
      c.primaryKey({ columns: [t.appId, t.articleMsgid, t.day] }),
      c.index('article_daily_day').on(t.day),
      c.index('article_daily_article').on(t.articleMsgid),
    ],
  );

  /** The same by where the readers came from. People are counted once in every place, so these do not add up. */
  const articleDailySources = c.table(
    'article_daily_sources',
    {
      appId: c.text().notNull(),
      articleMsgid: c.text().notNull(),
      day: c.date().notNull(),
      source: c.text().notNull(),
      readUsers: c.integer(),
      readCount: c.integer(),
      shareUsers: c.integer(),
      shareCount: c.integer(),
      totalReadUsers: c.integer(),
      totalReadCount: c.integer(),
      totalShareUsers: c.integer(),
      totalShareCount: c.integer(),
      fetchedAt: c.dateTime().notNull(),
    },
    (t) => [c.primaryKey({ columns: [t.appId, t.articleMsgid, t.day, t.source] })],
  );

  /** All that an account published, on a day. */
  const accountDaily = c.table(
    'account_daily',
    {
      appId: c.text().notNull(),
      day: c.date().notNull(),
      readUsers: c.integer(),
      shareUsers: c.integer(),
      likeUsers: c.integer(),
      heartUsers: c.integer(),
      commentCount: c.integer(),
      favouriteUsers: c.integer(),
      originalReadUsers: c.integer(),
      publishedArticles: c.integer(),
      fetchedAt: c.dateTime().notNull(),
    },
    (t) => [c.primaryKey({ columns: [t.appId, t.day] })],
  );

  /** What WeChat answered, as it came, and how the last try for it ended. */
  const analyticsAnswers = c.table(
    'analytics_answers',
    {
      appId: c.text().notNull(),
      report: c.text<AnalyticsReport>().notNull(),
      day: c.date().notNull(),
      /** The last answer that was one; null until then. A refusal does not take it away. */
      answer: c.json<Record<string, unknown>>(),
      /** When that answer came. */
      fetchedAt: c.dateTime(),
      /** WeChat said that there is more to come. */
      delayed: c.boolean().notNull(),
      /** Of the last try. */
      outcome: c.text<AnalyticsOutcome>().notNull(),
      /** 0 for an answer, WeChat's code for a refusal, -1 for silence. */
      errcode: c.integer().notNull(),
      triedAt: c.dateTime().notNull(),
      /** Tries since the last morning's figures came out that failed. */
      failures: c.integer().notNull(),
    },
    (t) => [c.primaryKey({ columns: [t.appId, t.report, t.day] })],
  );

  return { articleDaily, articleDailySources, accountDaily, analyticsAnswers };
}
