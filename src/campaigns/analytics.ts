import type { Day } from './days.ts';

/** What of an article's figures one of WeChat's reports is about. */
export const AnalyticsReport = {
  /** Read on a day, in the old counting (getarticlesummary). */
  ARTICLE_SUMMARY: 'ARTICLE_SUMMARY',
  /** Sent on a day, cumulative for 7 days, in the old counting (getarticletotal). */
  ARTICLE_TOTAL: 'ARTICLE_TOTAL',
  ARTICLE_READ: 'ARTICLE_READ',
  ARTICLE_SHARE: 'ARTICLE_SHARE',
  /** Of the whole account. */
  ACCOUNT_SUMMARY: 'ACCOUNT_SUMMARY',
  /** Published on a day, cumulative for 30 days. */
  ARTICLE_TOTAL_DETAIL: 'ARTICLE_TOTAL_DETAIL',
} as const;
export type AnalyticsReport = (typeof AnalyticsReport)[keyof typeof AnalyticsReport];

/** Null everywhere: WeChat did not say. */
type Figures<Name extends string> = Record<Name, number | null>;

/** Of one day. `…Users` counts people, `…Count` how often. */
export type DailyFigures = Figures<
  | 'readUsers'
  | 'readCount'
  | 'originalReadUsers'
  | 'originalReadCount'
  | 'shareUsers'
  | 'shareCount'
  | 'favouriteUsers'
  | 'favouriteCount'
>;

/** From the sending to the end of the day. */
export type TotalFigures = Figures<
  | 'totalReadUsers'
  | 'totalReadCount'
  | 'totalOriginalReadUsers'
  | 'totalOriginalReadCount'
  | 'totalShareUsers'
  | 'totalShareCount'
  | 'totalFavouriteUsers'
  | 'totalFavouriteCount'
  | 'totalLikeUsers'
  /** The heart, which was "wow" (在看) before. */
  | 'totalHeartUsers'
  | 'totalCommentCount'
  /** In hundredths of a yuan. */
  | 'totalRewardFen'
  /** Who followed the account after reading. */
  | 'totalSubscribeUsers'
  | 'targetUsers'
  /** Shares from 0 to 1. */
  | 'deliveryRate'
  | 'finishRate'
  | 'averageSeconds'
  /** Of those who left before the end: in which fifth of the article. Shares from 0 to 1. */
  | 'leftInFifth1'
  | 'leftInFifth2'
  | 'leftInFifth3'
  | 'leftInFifth4'
  | 'leftInFifth5'
>;

/** What WeChat says of an article on a day. */
export interface ArticleDay extends DailyFigures, TotalFigures {
  articleMsgid: string;
  day: Day;
  title: string | null;
  url: string | null;
  /** The day it was sent or published. */
  sentDay: Day | null;
  /** Followers were told of it; false: published only. */
  notified: boolean | null;
}

/** Where readers came from, as far as it is known; a place that is new goes by WeChat's own word. */
export const ReadSource = {
  /** The message in the account's own conversation. */
  SESSION: 'SESSION',
  /** A friend, in a conversation. */
  FRIENDS: 'FRIENDS',
  MOMENTS: 'MOMENTS',
  /** The account's page with its history. */
  PROFILE: 'PROFILE',
  OTHER: 'OTHER',
  /** Top Stories (看一看) and what WeChat recommends. */
  RECOMMENDED: 'RECOMMENDED',
  SEARCH: 'SEARCH',
} as const;
export type ReadSource = (typeof ReadSource)[keyof typeof ReadSource];

type SourceFigures = Figures<
  | 'readUsers'
  | 'readCount'
  | 'shareUsers'
  | 'shareCount'
  | 'totalReadUsers'
  | 'totalReadCount'
  | 'totalShareUsers'
  | 'totalShareCount'
>;

/** The part of an article's readers that came from one place. */
export interface ArticleSourceDay extends SourceFigures {
  articleMsgid: string;
  day: Day;
  /** A `ReadSource`, or WeChat's word for a place that is none of them. */
  source: string;
}

/** Of all that an account published, on a day. */
export interface AccountDay
  extends Figures<
    | 'readUsers'
    | 'shareUsers'
    | 'likeUsers'
    | 'heartUsers'
    | 'commentCount'
    | 'favouriteUsers'
    | 'originalReadUsers'
    | 'publishedArticles'
  > {
  day: Day;
}

type Keyed<Row, Key extends keyof Row> = Partial<Row> & Pick<Row, Key>;

/** A report of one day, read. */
export interface AnalyticsAnswer {
  articles: Keyed<ArticleDay, 'articleMsgid' | 'day'>[];
  sources: Keyed<ArticleSourceDay, 'articleMsgid' | 'day' | 'source'>[];
  account: Keyed<AccountDay, 'day'>[];
  /** WeChat says that there is more to come. */
  delayed: boolean;
  /** The answer as it came. */
  raw: Record<string, unknown>;
}

/** How a try for a report ended. */
export const AnalyticsOutcome = {
  ANSWERED: 'ANSWERED',
  /** The account's calls of the day are used up. */
  QUOTA: 'QUOTA',
  /** The account has no right to this report, or WeChat no such report. */
  UNAVAILABLE: 'UNAVAILABLE',
  FAILED: 'FAILED',
} as const;
export type AnalyticsOutcome = (typeof AnalyticsOutcome)[keyof typeof AnalyticsOutcome];

/** The last try for a report of a day. */
export interface AnalyticsTry {
  report: AnalyticsReport;
  day: Day;
  outcome: AnalyticsOutcome;
  triedAt: Date;
  /** How many tries since the last morning's figures came out failed. */
  failures: number;
  /** When it was last answered; null: never. */
  fetchedAt: Date | null;
  delayed: boolean;
}
