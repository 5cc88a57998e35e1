import {
  type AccountDay,
  type ArticleSourceDay,
  type DailyFigures,
  ReadSource,
  type TotalFigures,
} from '../campaigns/analytics.ts';
import { type Fields, fieldsOf, figure, fraction, listOf } from './analytics-values.ts';

/** WeChat's numbers for where readers come from, and the one for all of them. */
export const ReadScene = {
  SESSION: 0,
  FRIENDS: 1,
  MOMENTS: 2,
  PROFILE: 4,
  OTHER: 5,
  RECOMMENDED: 6,
  SEARCH: 7,
  ALL: 99999999,
} as const;

/** By number in the old reports, by word in the new ones. 推荐 followed 看一看. */
const sources = new Map<unknown, ReadSource>([
  [ReadScene.SESSION, ReadSource.SESSION],
  [ReadScene.FRIENDS, ReadSource.FRIENDS],
  [ReadScene.MOMENTS, ReadSource.MOMENTS],
  [ReadScene.PROFILE, ReadSource.PROFILE],
  [ReadScene.OTHER, ReadSource.OTHER],
  [ReadScene.RECOMMENDED, ReadSource.RECOMMENDED],
  [ReadScene.SEARCH, ReadSource.SEARCH],
  ['公众号消息', ReadSource.SESSION],
  ['聊天会话', ReadSource.FRIENDS],
  ['朋友圈', ReadSource.MOMENTS],
  ['公众号主页', ReadSource.PROFILE],
  ['其他', ReadSource.OTHER],
  ['推荐', ReadSource.RECOMMENDED],
  ['看一看', ReadSource.RECOMMENDED],
  ['搜一搜', ReadSource.SEARCH],
]);

/** A place that nobody has told us of keeps its name. */
export const sourceOfScene = (scene: number | string): string => sources.get(scene) ?? String(scene);

export const dailyFigures = (item: Fields): DailyFigures => ({
  readUsers: figure(item.int_page_read_user),
  readCount: figure(item.int_page_read_count),
  originalReadUsers: figure(item.ori_page_read_user),
  originalReadCount: figure(item.ori_page_read_count),
  shareUsers: figure(item.share_user),
  shareCount: figure(item.share_count),
  favouriteUsers: figure(item.add_to_fav_user),
  favouriteCount: figure(item.add_to_fav_count),
});

/** Of getarticletotal. */
export function totalFigures(detail: Fields): Partial<TotalFigures> {
  const since = dailyFigures(detail);
  return {
    targetUsers: figure(detail.target_user),
    totalReadUsers: since.readUsers,
    totalReadCount: since.readCount,
    totalOriginalReadUsers: since.originalReadUsers,
    totalOriginalReadCount: since.originalReadCount,
    totalShareUsers: since.shareUsers,
    totalShareCount: since.shareCount,
    totalFavouriteUsers: since.favouriteUsers,
    totalFavouriteCount: since.favouriteCount,
  };
}

const readPlaces: Record<string, ReadSource> = {
  session: ReadSource.SESSION,
  friends: ReadSource.FRIENDS,
  feed: ReadSource.MOMENTS,
  hist_msg: ReadSource.PROFILE,
  other: ReadSource.OTHER,
  kanyikan: ReadSource.RECOMMENDED,
  souyisou: ReadSource.SEARCH,
};

/** The places of getarticletotal. Its shares are those to Moments; only three places are told apart there. */
export const totalSources = (
  detail: Fields,
): (Partial<ArticleSourceDay> & Pick<ArticleSourceDay, 'source'>)[] =>
  Object.entries(readPlaces)
    .map(([place, source]) => ({
      source,
      totalReadUsers: figure(detail[`int_page_from_${place}_read_user`]),
      totalReadCount: figure(detail[`int_page_from_${place}_read_count`]),
      totalShareUsers: figure(detail[`feed_share_from_${place}_user`]),
      totalShareCount: figure(detail[`feed_share_from_${place}_cnt`]),
    }))
    .filter(({ source: _, ...figures }) => Object.values(figures).some((known) => known !== null));

/** Of getarticletotaldetail, which gives minutes. */
export function detailFigures(detail: Fields): Partial<TotalFigures> {
  const minutes = fraction(detail.read_avg_activetime);
  const left = new Map(
    listOf(detail.read_jump_position)
      .map(fieldsOf)
      .map(({ position, rate }) => [figure(position), fraction(rate)]),
  );
  return {
    totalReadUsers: figure(detail.read_user),
    totalShareUsers: figure(detail.share_user),
    totalFavouriteUsers: figure(detail.collection_user),
    totalLikeUsers: figure(detail.like_user),
    totalHeartUsers: figure(detail.zaikan_user),
    totalCommentCount: figure(detail.comment_count),
    totalRewardFen: figure(detail.praise_money),
    totalSubscribeUsers: figure(detail.read_subscribe_user),
    deliveryRate: fraction(detail.read_delivery_rate),
    finishRate: fraction(detail.read_finish_rate),
    averageSeconds: minutes === null ? null : Math.round(minutes * 60_000) / 1_000,
    leftInFifth1: left.get(1) ?? null,
    leftInFifth2: left.get(2) ?? null,
    leftInFifth3: left.get(3) ?? null,
    leftInFifth4: left.get(4) ?? null,
    leftInFifth5: left.get(5) ?? null,
  };
}

/** Of getbizsummary. */
export const accountFigures = (detail: Fields): Omit<AccountDay, 'day'> => ({
  readUsers: figure(detail.read_user),
  shareUsers: figure(detail.share_user),
  likeUsers: figure(detail.like_user),
  heartUsers: figure(detail.zaikan_user),
  commentCount: figure(detail.comment_count),
  favouriteUsers: figure(detail.collection_user),
  originalReadUsers: figure(detail.redirect_ori_page_user),
  publishedArticles: figure(detail.send_page_count),
});
