import type { AnalyticsReport } from '../../src/campaigns/analytics.ts';
import { makeNews, sendThrough } from './actions.ts';
import { runSql } from './sql.ts';
import type { World } from './world.ts';

/** WeChat's paths, by the report they give. */
export const REPORTS: Record<AnalyticsReport, string> = {
  ARTICLE_SUMMARY: '/datacube/getarticlesummary',
  ARTICLE_TOTAL: '/datacube/getarticletotal',
  ARTICLE_READ: '/datacube/getarticleread',
  ARTICLE_SHARE: '/datacube/getarticleshare',
  ACCOUNT_SUMMARY: '/datacube/getbizsummary',
  ARTICLE_TOTAL_DETAIL: '/datacube/getarticletotaldetail',
};

export const HOUR = 3_600_000;
/** The clock of a world starts at ten in the morning in Beijing, and the sync looks again at ten past eight. */
export const UNTIL_MORNING = 22 * HOUR + HOUR / 6;

/** What was asked of WeChat's analytics, oldest first: `getarticleread 2026-06-01`. */
export const askedFor = ({ sandbox }: World): string[] =>
  sandbox.requests
    .filter(({ path }) => path.startsWith('/datacube/'))
    .map(({ path, body }) => `${path.replace('/datacube/', '')} ${JSON.parse(body).begin_date}`);

/** The lines that the sync writes when a run is over. */
export const runs = ({ log }: World) =>
  log.filter(({ message }) => message === 'analytics fetched' || message.startsWith('some analytics'));

/** The sync of a world that has just begun has found nothing that was ever sent, and waits for the morning. */
export const syncHasLooked = ({ clock }: World): Promise<void> => clock.waitForTimer(UNTIL_MORNING);

/** Sends articles to everybody and waits for the result. Gives the campaign. */
export async function sendNews(world: World, key = 'news', articles = 2): Promise<any> {
  const mediaId = await makeNews(world, articles);
  return sendThrough(world, {
    idempotencyKey: key,
    audience: { all: { confirm: true } },
    message: { mpnews: { mediaId } },
  });
}

export const rowsOf = (world: World, table: string, order = 'article_msgid, day'): Promise<any[]> =>
  runSql(world.config.databaseUrl, `select * from ${table} order by ${order}`);

export const SYNC = `mutation ($from: Date!, $to: Date!, $account: ID) {
  syncAnalytics(from: $from, to: $to, account: $account) {
    __typename
    ... on SyncAnalyticsSuccess { days calls rows failures { day report message } }
    ... on InvalidInputError { issues { path message } }
  }
}`;

export const syncAnalytics = async (world: World, from: string, to: string, account?: string): Promise<any> =>
  (await world.query<any>(SYNC, { from, to, account })).syncAnalytics;
