import { and, asc, eq, getTableColumns, gte, inArray, isNotNull, min, or, type SQL } from 'drizzle-orm';
import type { SQLiteTable, SQLiteUpdateSetSource } from 'drizzle-orm/sqlite-core';
import {
  type AnalyticsAnswer,
  AnalyticsOutcome,
  type AnalyticsReport,
  type AnalyticsTry,
  type ArticleDay,
  type ArticleSourceDay,
} from '../campaigns/analytics.ts';
import { type Day, dayInBeijing } from '../campaigns/days.ts';
import { type Database, type Queries, run, type Step } from './database.ts';
import { inChunks, knownOrKept, mergeRows } from './known-or-kept.ts';

/** An article of an account. */
export interface ArticleKey {
  appId: string;
  articleMsgid: string;
}

type Key = { appId: string; report: AnalyticsReport; day: Day };

const articleKey = ['appId', 'articleMsgid', 'day'] as const;
const sourceKey = [...articleKey, 'source'] as const;
const accountKey = ['appId', 'day'] as const;

/** What WeChat's analytics say. Writing the same again changes nothing; what is not known takes nothing away that is. */
export function createAnalyticsStore({ read, atomically, tables: t }: Database) {
  const ofArticles = (
    table: typeof t.articleDaily | typeof t.articleDailySources,
    keys: readonly ArticleKey[],
  ): SQL | undefined =>
    or(
      ...[...Map.groupBy(keys, ({ appId }) => appId)].map(([appId, articles]) =>
        and(
          eq(table.appId, appId),
          inArray(
            table.articleMsgid,
            articles.map(({ articleMsgid }) => articleMsgid),
          ),
        ),
      ),
    );

  type Answers = typeof t.analyticsAnswers.$inferInsert;
  type Tried = Omit<Answers, keyof Key | 'delayed'> & Partial<Pick<Answers, 'delayed'>>;

  function* keepTry(tx: Queries, key: Key, tried: Tried): Step<void> {
    const { appId, report, day } = t.analyticsAnswers;
    yield* run(
      tx
        .insert(t.analyticsAnswers)
        .values({ delayed: false, ...key, ...tried })
        .onConflictDoUpdate({ target: [appId, report, day], set: tried }),
    );
  }

  return {
    /** Keeps an answer and writes what it says; gives how many rows that are. */
    keepAnswer: ({ appId, report, day }: Key, answer: AnalyticsAnswer, at: Date): Promise<number> =>
      atomically(function* (tx) {
        const whose = { appId, fetchedAt: at };
        const articles = mergeRows(answer.articles, ({ articleMsgid, day }) => `${articleMsgid} ${day}`);
        const sources = mergeRows(
          answer.sources,
          ({ articleMsgid, day, source }) => `${articleMsgid} ${day} ${source}`,
        );
        const account = mergeRows(answer.account, ({ day }) => day);
        yield* keepRows(tx, t.articleDaily, articleKey, articles, whose);
        yield* keepRows(tx, t.articleDailySources, sourceKey, sources, whose);
        yield* keepRows(tx, t.accountDaily, accountKey, account, whose);
        const { delayed, raw } = answer;
        const { ANSWERED: outcome } = AnalyticsOutcome;
        const tried = { delayed, outcome, errcode: 0, triedAt: at, failures: 0 };
        yield* keepTry(tx, { appId, report, day }, { ...tried, answer: raw, fetchedAt: at });
        return articles.length + sources.length + account.length;
      }),

    /** A try without an answer: the one that was there before stays. */
    keepFailure: (
      key: Key,
      { errcode }: { errcode: number },
      outcome: AnalyticsOutcome,
      failures: number,
      at: Date,
    ): Promise<void> => atomically((tx) => keepTry(tx, key, { outcome, errcode, triedAt: at, failures })),

    /** The last tries for the days from `from` on. */
    async tries(appId: string, from: Day): Promise<AnalyticsTry[]> {
      const {
        appId: account,
        report,
        day,
        outcome,
        triedAt,
        failures,
        fetchedAt,
        delayed,
      } = t.analyticsAnswers;
      return read
        .select({ report, day, outcome, triedAt, failures, fetchedAt, delayed })
        .from(t.analyticsAnswers)
        .where(and(eq(account, appId), gte(day, from)));
    },

    /** The first day that there can be figures of: of the first campaign, or the first that was fetched. Null: neither. */
    async firstDay(appId: string): Promise<Day | null> {
      const { analyticsAnswers: a, campaigns: c } = t;
      const [fetched] = await read
        .select({ day: min(a.day) })
        .from(a)
        .where(and(eq(a.appId, appId), isNotNull(a.fetchedAt)));
      const [campaign] = await read
        .select({ createdAt: min(c.createdAt) })
        .from(c)
        .where(eq(c.appId, appId));
      const days = [fetched?.day, campaign?.createdAt && dayInBeijing(campaign.createdAt)];
      return days.filter((day) => day != null).sort()[0] ?? null;
    },

    daysOfArticles: (
      keys: readonly ArticleKey[],
    ): Promise<(ArticleDay & ArticleKey & { fetchedAt: Date })[]> =>
      read
        .select()
        .from(t.articleDaily)
        .where(ofArticles(t.articleDaily, keys))
        .orderBy(asc(t.articleDaily.day)),

    sourcesOfArticles: (keys: readonly ArticleKey[]): Promise<(ArticleSourceDay & ArticleKey)[]> =>
      read
        .select()
        .from(t.articleDailySources)
        .where(ofArticles(t.articleDailySources, keys))
        .orderBy(asc(t.articleDailySources.day), asc(t.articleDailySources.source)),

    /** The campaigns that sent them, in the order of `bi_article_daily`, which takes the first; those that were sent elsewhere have none. */
    campaignsOfArticles: (keys: readonly ArticleKey[]): Promise<(ArticleKey & { campaignId: string })[]> => {
      const ids = keys.map(({ articleMsgid }) => articleMsgid);
      return read
        .select({
          appId: t.jobs.appId,
          articleMsgid: t.jobArticles.articleMsgid,
          campaignId: t.jobs.campaignId,
        })
        .from(t.jobArticles)
        .innerJoin(t.jobs, eq(t.jobs.id, t.jobArticles.jobId))
        .where(inArray(t.jobArticles.articleMsgid, ids))
        .orderBy(asc(t.jobs.id)) as Promise<(ArticleKey & { campaignId: string })[]>;
    },
  };
}
export type AnalyticsStore = ReturnType<typeof createAnalyticsStore>;

/** What is not known of a row takes nothing away that was. */
function* keepRows<T extends SQLiteTable, Whose extends object>(
  tx: Queries,
  table: T,
  key: readonly (string & keyof T['_']['columns'])[],
  rows: readonly Omit<T['$inferInsert'], keyof Whose>[],
  whose: Whose,
): Step<void> {
  const columns = getTableColumns(table);
  const target = key.map((name) => columns[name]!);
  const set = knownOrKept(table, key) as SQLiteUpdateSetSource<T>;
  for (const some of inChunks(rows)) {
    const values = some.map((row) => ({ ...row, ...whose })) as T['$inferInsert'][];
    yield* run(tx.insert(table).values(values).onConflictDoUpdate({ target, set }));
  }
}
