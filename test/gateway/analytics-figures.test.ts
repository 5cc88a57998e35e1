import { expect, it } from 'vitest';
import type { AnalyticsReport } from '../../src/campaigns/analytics.ts';
import { REPORTS, rowsOf, syncAnalytics, syncHasLooked } from '../kit/analytics.ts';
import { seedCampaigns } from '../kit/seed.ts';
import { createWorld, type World } from '../kit/world.ts';

const DAY = '2026-05-20';
const HERE = '8000000001_1';
const ELSEWHERE = '2247490098_2';

const OLD = {
  int_page_read_user: 23676,
  int_page_read_count: 25615,
  ori_page_read_user: 29,
  ori_page_read_count: 34,
  share_user: 122,
  share_count: 994,
  add_to_fav_user: 1,
  add_to_fav_count: 3,
};

const READ_USER_SOURCE = [
  { user_count: 4123, scene_desc: '全部' },
  { user_count: 3000, scene_desc: '公众号消息' },
  { user_count: 700, scene_desc: '聊天会话' },
  { user_count: 300, scene_desc: '朋友圈' },
  { user_count: 60, scene_desc: '公众号主页' },
  { user_count: 13, scene_desc: '其他' },
  { user_count: 30, scene_desc: '推荐' },
  { user_count: 20, scene_desc: '搜一搜' },
  { user_count: 7, scene_desc: '新的地方' },
];

/** An answer of each kind, as WeChat documents it. */
const fixtures: Record<AnalyticsReport, object> = {
  ARTICLE_SUMMARY: {
    list: [
      { ref_date: DAY, msgid: HERE, title: '标题', user_source: 99999999, ...OLD },
      {
        ref_date: DAY,
        msgid: HERE,
        title: '标题',
        user_source: 0,
        int_page_read_user: 20000,
        int_page_read_count: 21000,
        share_user: 100,
        share_count: 900,
      },
      {
        ref_date: DAY,
        msgid: HERE,
        title: '标题',
        user_source: 7,
        int_page_read_user: 3676,
        int_page_read_count: 4615,
      },
      { ref_date: DAY, msgid: ELSEWHERE, title: 'Elsewhere', user_source: 0, ...OLD, int_page_read_user: 11 },
    ],
  },
  ARTICLE_TOTAL: {
    list: [
      {
        ref_date: DAY,
        msgid: HERE,
        title: '标题',
        details: [
          {
            stat_date: DAY,
            target_user: 261917,
            ...OLD,
            int_page_from_session_read_user: 0,
            int_page_from_feed_read_user: 17,
            feed_share_from_session_user: 94,
            feed_share_from_session_cnt: 101,
          },
          {
            stat_date: '2026-05-21',
            target_user: 261917,
            ...OLD,
            int_page_read_user: 30000,
            int_page_from_kanyikan_read_user: 4,
          },
        ],
      },
    ],
  },
  ARTICLE_READ: {
    list: [{ ref_date: DAY, msgid: HERE, detail: { read_user: 4123, read_user_source: READ_USER_SOURCE } }],
    is_delay: false,
  },
  ARTICLE_SHARE: { list: [{ ref_date: DAY, msgid: HERE, detail: { share_user: 366 } }], is_delay: false },
  ACCOUNT_SUMMARY: {
    list: [
      {
        ref_date: DAY,
        detail: {
          read_user: 4123,
          read_user_source: READ_USER_SOURCE,
          share_user: 366,
          zaikan_user: 191,
          like_user: 386,
          comment_count: 33,
          collection_user: 233,
          redirect_ori_page_user: 12,
          send_page_count: 2,
        },
      },
    ],
    is_delay: false,
  },
  ARTICLE_TOTAL_DETAIL: {
    list: [
      {
        ref_date: DAY,
        msgid: HERE,
        publish_type: 0,
        title: '标题',
        content_url: 'http://mp.weixin.qq.com/s?__biz=a&mid=1&idx=1#rd',
        detail_list: [
          {
            stat_date: DAY,
            read_user: 4123,
            read_user_source: READ_USER_SOURCE,
            share_user: 366,
            zaikan_user: 191,
            like_user: 386,
            comment_count: 33,
            collection_user: 233,
            praise_money: 361,
            read_subscribe_user: 327,
            read_delivery_rate: 0.0271002,
            read_finish_rate: 0.6304348,
            read_avg_activetime: 1.0588236,
            read_jump_position: [
              { position: 1, rate: 0.5304147 },
              { position: 2, rate: 0.1023412 },
            ],
          },
        ],
      },
    ],
    is_delay: true,
  },
};

/** Has WeChat answer this, and everything else with nothing. */
async function fetchWith(world: World, answers: Partial<Record<AnalyticsReport, object>>): Promise<any> {
  for (const [report, path] of Object.entries(REPORTS)) {
    const body = answers[report as AnalyticsReport] ?? { list: [] };
    world.sandbox.script(path, { body: JSON.stringify(body) });
  }
  return syncAnalytics(world, DAY, DAY);
}

/** Postgres gives bigint as text. */
const plain = (row: any): any =>
  Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key,
      typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value,
    ]),
  );
const dayText = (value: unknown): string =>
  value instanceof Date
    ? new Date(value.getTime() - value.getTimezoneOffset() * 60_000).toISOString().slice(0, 10)
    : String(value);
const articleRows = async (world: World) =>
  (await rowsOf(world, 'article_daily')).map((row) => ({
    ...plain(row),
    day: dayText(row.day),
    sent_day: row.sent_day && dayText(row.sent_day),
  }));
const sourceRows = async (world: World) =>
  (await rowsOf(world, 'article_daily_sources', 'article_msgid, day, source')).map((row) => ({
    ...plain(row),
    day: dayText(row.day),
  }));

const NOTHING_DAILY = {
  read_users: null,
  read_count: null,
  original_read_users: null,
  original_read_count: null,
  share_users: null,
  share_count: null,
  favourite_users: null,
  favourite_count: null,
};

const DAILY = {
  read_users: 23676,
  read_count: 25615,
  original_read_users: 29,
  original_read_count: 34,
  share_users: 122,
  share_count: 994,
  favourite_users: 1,
  favourite_count: 3,
};

it('reads the summary of a day, by article and by where readers came from', async () => {
  await using world = await createWorld();
  await fetchWith(world, { ARTICLE_SUMMARY: fixtures.ARTICLE_SUMMARY });
  const rows = await articleRows(world);
  expect(rows).toHaveLength(2);
  expect(rows.find(({ article_msgid }) => article_msgid === HERE)).toMatchObject({
    app_id: world.appId,
    day: DAY,
    title: '标题',
    sent_day: null,
    ...DAILY,
    total_read_users: null,
    target_users: null,
    finish_rate: null,
  });
  expect(rows.find(({ article_msgid }) => article_msgid === ELSEWHERE)).toMatchObject({ read_users: 11 });
  expect(await sourceRows(world)).toMatchObject([
    {
      article_msgid: HERE,
      day: DAY,
      source: 'SEARCH',
      read_users: 3676,
      read_count: 4615,
      share_users: null,
    },
    {
      source: 'SESSION',
      read_users: 20000,
      read_count: 21000,
      share_users: 100,
      share_count: 900,
      total_read_users: null,
    },
  ]);
});

it('reads what came of a day of sending, up to each day since', async () => {
  await using world = await createWorld();
  await fetchWith(world, { ARTICLE_TOTAL: fixtures.ARTICLE_TOTAL });
  const totals = Object.fromEntries(Object.entries(DAILY).map(([name, value]) => [`total_${name}`, value]));
  expect(await articleRows(world)).toMatchObject([
    { day: DAY, sent_day: DAY, target_users: 261917, ...NOTHING_DAILY, ...totals, total_like_users: null },
    { day: '2026-05-21', sent_day: DAY, ...NOTHING_DAILY, total_read_users: 30000 },
  ]);
  expect(await sourceRows(world)).toMatchObject([
    { day: DAY, source: 'MOMENTS', total_read_users: 17, read_users: null },
    { day: DAY, source: 'SESSION', total_read_users: 0, total_share_users: 94, total_share_count: 101 },
    { day: '2026-05-21', source: 'RECOMMENDED', total_read_users: 4 },
  ]);
});

it('reads readers and sharers of a day from the newer reports', async () => {
  await using world = await createWorld();
  await fetchWith(world, { ARTICLE_READ: fixtures.ARTICLE_READ, ARTICLE_SHARE: fixtures.ARTICLE_SHARE });
  expect(await articleRows(world)).toMatchObject([
    { ...NOTHING_DAILY, read_users: 4123, share_users: 366, title: null },
  ]);
  expect((await sourceRows(world)).map(({ source, read_users }) => [source, read_users])).toEqual(
    expect.arrayContaining([
      ['SESSION', 3000],
      ['FRIENDS', 700],
      ['MOMENTS', 300],
      ['PROFILE', 60],
      ['OTHER', 13],
      ['RECOMMENDED', 30],
      ['SEARCH', 20],
      ['新的地方', 7],
    ]),
  );
});

it('reads the figures of the whole account', async () => {
  await using world = await createWorld();
  await fetchWith(world, { ACCOUNT_SUMMARY: fixtures.ACCOUNT_SUMMARY });
  const [row, ...others] = await rowsOf(world, 'account_daily', 'day');
  expect(others).toEqual([]);
  expect(plain(row)).toMatchObject({
    app_id: world.appId,
    read_users: 4123,
    share_users: 366,
    like_users: 386,
    heart_users: 191,
    comment_count: 33,
    favourite_users: 233,
    original_read_users: 12,
    published_articles: 2,
  });
});

it('reads what the newest report has, with minutes as seconds', async () => {
  await using world = await createWorld();
  await fetchWith(world, { ARTICLE_TOTAL_DETAIL: fixtures.ARTICLE_TOTAL_DETAIL });
  expect(await articleRows(world)).toMatchObject([
    {
      day: DAY,
      sent_day: DAY,
      url: 'http://mp.weixin.qq.com/s?__biz=a&mid=1&idx=1#rd',
      ...NOTHING_DAILY,
      total_read_users: 4123,
      total_read_count: null,
      total_share_users: 366,
      total_favourite_users: 233,
      total_like_users: 386,
      total_heart_users: 191,
      total_comment_count: 33,
      total_reward_fen: 361,
      total_subscribe_users: 327,
      delivery_rate: 0.0271002,
      finish_rate: 0.6304348,
      average_seconds: 63.529,
      left_in_fifth1: 0.5304147,
      left_in_fifth2: 0.1023412,
      left_in_fifth3: null,
    },
  ]);
  const kept = await rowsOf(world, 'analytics_answers', 'report');
  expect(kept).toHaveLength(6);
  const { answer, delayed } = kept.find(({ report }) => report === 'ARTICLE_TOTAL_DETAIL');
  expect(Boolean(delayed)).toBe(true);
  expect(typeof answer === 'string' ? JSON.parse(answer) : answer).toEqual(fixtures.ARTICLE_TOTAL_DETAIL);
});

it('takes nothing that is known away where another report does not say it', async () => {
  await using world = await createWorld();
  await fetchWith(world, fixtures);
  const ofHere = async () =>
    (await articleRows(world)).find((row) => row.article_msgid === HERE && row.day === DAY)!;
  const both = await ofHere();
  expect(both).toMatchObject({
    ...DAILY,
    read_users: 4123,
    share_users: 366,
    total_read_users: 4123,
    total_read_count: 25615,
    total_like_users: 386,
    target_users: 261917,
  });
  await fetchWith(world, {
    ARTICLE_READ: { list: [{ ref_date: DAY, msgid: HERE, detail: {} }] },
    ARTICLE_SHARE: { list: [{ ref_date: DAY, msgid: HERE, detail: { share_user: null } }] },
  });
  const { fetched_at: _, ...after } = await ofHere();
  const { fetched_at: __, ...before } = both;
  expect(after).toEqual(before);
});

it('keeps the last answer where WeChat refuses to give another', async () => {
  await using world = await createWorld();
  await fetchWith(world, fixtures);
  world.sandbox.script(REPORTS.ARTICLE_READ, { errcode: 61501 });
  expect(await syncAnalytics(world, DAY, DAY)).toMatchObject({
    days: 0,
    failures: [{ day: DAY, report: 'ARTICLE_READ', message: expect.stringContaining('61501') }],
  });
  const kept = await rowsOf(world, 'analytics_answers', 'report');
  const { answer, outcome, errcode } = kept.find(({ report }) => report === 'ARTICLE_READ');
  expect({ outcome, errcode: Number(errcode) }).toEqual({ outcome: 'FAILED', errcode: 61501 });
  expect(typeof answer === 'string' ? JSON.parse(answer) : answer).toEqual(fixtures.ARTICLE_READ);
});

it('takes an empty list, and what makes no sense, for nothing', async () => {
  await using world = await createWorld();
  expect(await fetchWith(world, {})).toMatchObject({ days: 1, calls: 6, rows: 0, failures: [] });
  const nonsense = {
    ARTICLE_READ: {
      list: [
        { msgid: HERE, detail: { read_user: 1 } },
        { ref_date: '2026-02-30', msgid: HERE, detail: { read_user: 1 } },
        { ref_date: DAY, detail: { read_user: 1 } },
        'nothing',
      ],
    },
    ARTICLE_SHARE: { list: [{ ref_date: DAY, msgid: HERE, detail: { share_user: -1 } }] },
    ARTICLE_TOTAL_DETAIL: { list: [{ ref_date: DAY, msgid: HERE, detail_list: null }] },
    ACCOUNT_SUMMARY: {},
  };
  expect(await fetchWith(world, nonsense)).toMatchObject({ days: 1, failures: [] });
  expect(await articleRows(world)).toMatchObject([{ ...NOTHING_DAILY, article_msgid: HERE }]);
  expect(await rowsOf(world, 'account_daily', 'day')).toEqual([]);
});

it('shows analysts every row of what was sent here with its campaign, job and article, once, and the rest without', async () => {
  await using world = await createWorld();
  await syncHasLooked(world);
  const [id] = await seedCampaigns(world, [{ articles: 2 }]);
  await fetchWith(world, fixtures);
  const rows = await rowsOf(world, 'bi_article_daily', 'article_msgid, date_cn');
  const stored = await rowsOf(world, 'article_daily');
  expect(rows.map(({ article_msgid }) => article_msgid)).toEqual(stored.map((row) => row.article_msgid));
  const sentHere = rows.filter(({ article_msgid }) => article_msgid === HERE);
  expect(sentHere.length).toBeGreaterThan(1);
  for (const row of sentHere) {
    expect(row).toMatchObject({
      campaign_id: id,
      job_id: expect.any(String),
      article_index: expect.anything(),
    });
  }
  const elsewhere = rows.filter(({ article_msgid }) => article_msgid === ELSEWHERE);
  expect(elsewhere.length).toBeGreaterThan(0);
  for (const row of elsewhere) expect(row).toMatchObject({ campaign_id: null, job_id: null });
});

it('joins what was sent here with its campaign, and leaves what was sent elsewhere without one', async () => {
  await using world = await createWorld();
  await syncHasLooked(world);
  const [id] = await seedCampaigns(world, [{ articles: 2 }]);
  await fetchWith(world, fixtures);
  const { articleStats } = await world.query<any>(
    `{ articleStats(analyticsMsgIds: ["${HERE}", "${ELSEWHERE}", "1_1"]) {
        analyticsMsgId title sentDay campaign { id } totals { readers } dailyStats { day readers }
    } }`,
  );
  expect(articleStats).toEqual([
    {
      analyticsMsgId: HERE,
      title: '标题',
      sentDay: DAY,
      campaign: { id },
      totals: { readers: 30000 },
      dailyStats: [
        { day: DAY, readers: 4123 },
        { day: '2026-05-21', readers: null },
      ],
    },
    {
      analyticsMsgId: ELSEWHERE,
      title: 'Elsewhere',
      sentDay: null,
      campaign: null,
      totals: { readers: 11 },
      dailyStats: [{ day: DAY, readers: 11 }],
    },
    { analyticsMsgId: '1_1', title: null, sentDay: null, campaign: null, totals: null, dailyStats: [] },
  ]);
});
