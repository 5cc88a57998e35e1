import type {
  AnalyticsAnswer,
  AnalyticsReport,
  ArticleDay,
  ArticleSourceDay,
} from '../campaigns/analytics.ts';
import { type Day, isDay } from '../campaigns/days.ts';
import {
  accountFigures,
  dailyFigures,
  detailFigures,
  ReadScene,
  sourceOfScene,
  totalFigures,
  totalSources,
} from './analytics-fields.ts';
import { type Fields, fieldsOf, figure, listOf, textOf } from './analytics-values.ts';
import type { EndpointName } from './endpoints.ts';

/** The endpoint of each report; all take a span of one day. */
export const reportEndpoints = {
  ARTICLE_SUMMARY: 'articleSummary',
  ARTICLE_TOTAL: 'articleTotal',
  ARTICLE_READ: 'articleRead',
  ARTICLE_SHARE: 'articleShare',
  ACCOUNT_SUMMARY: 'bizSummary',
  ARTICLE_TOTAL_DETAIL: 'articleTotalDetail',
} as const satisfies Record<AnalyticsReport, EndpointName>;

type Read = Pick<AnalyticsAnswer, 'articles' | 'sources' | 'account'>;
type Article = AnalyticsAnswer['articles'][number];
type Source = AnalyticsAnswer['sources'][number];

/** Reads what can be read: items without an article or a day are left out, figures that are none are left out of theirs. */
export function readReport(report: AnalyticsReport, raw: Record<string, unknown>): AnalyticsAnswer {
  const read = readers[report](listOf(raw.list).map(fieldsOf));
  return { account: [], ...read, delayed: raw.is_delay === true, raw };
}

const readers: Record<AnalyticsReport, (items: Fields[]) => Omit<Read, 'account'> & Partial<Read>> = {
  ARTICLE_SUMMARY: readSummary,

  ARTICLE_TOTAL: (items) =>
    ofDetails(items, 'details', (detail, key, item) => ({
      article: { ...key, ...sending(item), ...totalFigures(detail) },
      sources: totalSources(detail).map((source) => ({ ...key, ...source })),
    })),

  ARTICLE_READ: (items) =>
    ofDays(items, (detail, key) => ({
      article: { ...key, readUsers: figure(detail.read_user) },
      sources: scenes(detail).map(({ source, users }) => ({ ...key, source, readUsers: users })),
    })),

  ARTICLE_SHARE: (items) =>
    ofDays(items, (detail, key) => ({
      article: { ...key, shareUsers: figure(detail.share_user) },
      sources: [],
    })),

  ACCOUNT_SUMMARY: (items) => ({
    articles: [],
    sources: [],
    account: items
      .map((item) => ({ day: dayOf(item.ref_date), detail: fieldsOf(item.detail) }))
      .flatMap(({ day, detail }) => (day === null ? [] : [{ day, ...accountFigures(detail) }])),
  }),

  ARTICLE_TOTAL_DETAIL: (items) =>
    ofDetails(items, 'detail_list', (detail, key, item) => ({
      article: { ...key, ...sending(item), ...detailFigures(detail) },
      sources: scenes(detail).map(({ source, users }) => ({ ...key, source, totalReadUsers: users })),
    })),
};

type Key = Pick<ArticleDay, 'articleMsgid' | 'day'>;
type OneDay = { article: Article; sources: Source[] };

const flat = (days: OneDay[]): Pick<Read, 'articles' | 'sources'> => ({
  articles: days.map(({ article }) => article),
  sources: days.flatMap(({ sources }) => sources),
});

/** One object of figures for an article, of the day that the item names. */
const ofDays = (items: Fields[], read: (detail: Fields, key: Key) => OneDay) =>
  flat(
    items.flatMap((item) => {
      const key = keyOf(item, item.ref_date);
      return key ? [read(fieldsOf(item.detail), key)] : [];
    }),
  );

/** A list of figures for an article, one for every day since its sending. */
const ofDetails = (items: Fields[], list: string, read: (detail: Fields, key: Key, item: Fields) => OneDay) =>
  flat(
    items.flatMap((item) =>
      listOf(item[list])
        .map(fieldsOf)
        .flatMap((detail) => {
          const key = keyOf(item, detail.stat_date);
          return key ? [read(detail, key, item)] : [];
        }),
    ),
  );

/**
 * An article has one item for every place its readers came from and one for all of them. Older answers have a single item, whose
 * place says nothing.
 */
function readSummary(items: Fields[]): Pick<Read, 'articles' | 'sources'> {
  const known = items.flatMap((item) => {
    const key = keyOf(item, item.ref_date);
    const scene = figure(item.user_source) ?? textOf(item.user_source) ?? ReadScene.ALL;
    return key ? [{ item, key, scene }] : [];
  });
  // Counted once: an account with years of articles has tens of thousands of items a day.
  const byArticle = Map.groupBy(known, ({ key }) => `${key.articleMsgid} ${key.day}`);
  const isAlone = ({ key }: { key: Key }) => byArticle.get(`${key.articleMsgid} ${key.day}`)?.length === 1;
  const isWhole = (each: (typeof known)[number]) => each.scene === ReadScene.ALL || isAlone(each);
  return {
    articles: known
      .filter(isWhole)
      .map(({ item, key }) => ({ ...key, title: textOf(item.title), ...dailyFigures(item) })),
    sources: known
      .filter((each) => !isWhole(each))
      .map(({ item, key, scene }) => ({
        ...key,
        source: sourceOfScene(scene),
        readUsers: figure(item.int_page_read_user),
        readCount: figure(item.int_page_read_count),
        shareUsers: figure(item.share_user),
        shareCount: figure(item.share_count),
      })),
  };
}

/** `read_user_source`, without the line that sums it up. */
const scenes = (detail: Fields): { source: ArticleSourceDay['source']; users: number | null }[] =>
  listOf(detail.read_user_source)
    .map(fieldsOf)
    .map(({ scene_desc, user_count }) => ({ word: textOf(scene_desc), users: figure(user_count) }))
    .flatMap(({ word, users }) =>
      word === null || word === '全部' ? [] : [{ source: sourceOfScene(word), users }],
    );

/** What an item says of the article itself; of these two reports `ref_date` is the day of its sending. */
const sending = ({ title, content_url, url, ref_date, publish_type }: Fields) => {
  const kind = figure(publish_type);
  return {
    title: textOf(title),
    url: textOf(content_url) ?? textOf(url),
    sentDay: dayOf(ref_date),
    notified: kind === null ? null : kind === 0,
  };
};

function keyOf({ msgid }: Fields, date: unknown): Key | null {
  const articleMsgid = textOf(msgid);
  const day = dayOf(date);
  return articleMsgid !== null && day !== null ? { articleMsgid, day } : null;
}

const dayOf = (date: unknown): Day | null => {
  const text = textOf(date);
  return text !== null && isDay(text) ? text : null;
};
