import { type BiColumn, type BiView, boolean, date, integer, real, text, time } from './bi-view.ts';

const ELSEWHERE = 'The article was not sent from here.';
const NOT_TOLD = 'WeChat did not tell.';

const figure = (name: string, meaning: string): BiColumn => integer(name, `d.${name}`, meaning, NOT_TOLD);
const share = (name: string, meaning: string): BiColumn => real(name, `d.${name}`, meaning, NOT_TOLD);

const ORDINALS = ['first', 'second', 'third', 'fourth', 'last'];

export const articleDaily: BiView = {
  name: 'bi_article_daily',
  about:
    'One row an article and day that WeChat has figures of, with the campaign, job and article it belongs to; also for articles that were not sent from here. An article that was sent more than once is joined to the first of its sends, so that no figure stands twice.',
  from: `article_daily d
  left join job_articles a on a.article_msgid = d.article_msgid and a.job_id = (
    select min(a1.job_id) from job_articles a1 join jobs j1 on j1.id = a1.job_id
    where a1.article_msgid = d.article_msgid and j1.app_id = d.app_id)
  left join jobs j on j.id = a.job_id`,
  columns: [
    text('app_id', 'd.app_id', 'The account that published it.'),
    text('article_msgid', 'd.article_msgid', 'The article, as in `bi_articles`.'),
    date('date_cn', 'd.day', 'The Beijing day. Key of the view, with `app_id` and `article_msgid`.'),
    text('campaign_id', 'j.campaign_id', 'Its campaign in `bi_campaigns`.', ELSEWHERE),
    text('job_id', 'j.id', 'Its job in `bi_jobs`.', ELSEWHERE),
    integer('article_index', 'a."index"', 'Its position in the message, from 1.', ELSEWHERE),
    text('title', 'd.title', 'Its title, as WeChat reports it.', NOT_TOLD),
    text('url', 'd.url', 'Its address, as WeChat reports it.', NOT_TOLD),
    date('sent_date_cn', 'd.sent_day', 'The Beijing day it was published.', NOT_TOLD),
    boolean('notified', 'd.notified', 'Followers were told of it; false: published only.', NOT_TOLD),
    figure('read_users', 'Readers on the day.'),
    figure('read_count', 'Reads on the day.'),
    figure('original_read_users', 'Readers of the original page (阅读原文) on the day.'),
    figure('original_read_count', 'Reads of the original page on the day.'),
    figure('share_users', 'People who shared it on the day.'),
    figure('share_count', 'Shares on the day.'),
    figure('favourite_users', 'People who kept it (收藏) on the day.'),
    figure('favourite_count', 'How often it was kept on the day.'),
    figure(
      'total_read_users',
      'Readers from the sending to the end of the day. Do not add these up: take the last day.',
    ),
    figure('total_read_count', 'Reads since the sending.'),
    figure('total_original_read_users', 'Readers of the original page since the sending.'),
    figure('total_original_read_count', 'Reads of the original page since the sending.'),
    figure('total_share_users', 'People who shared it since the sending.'),
    figure('total_share_count', 'Shares since the sending.'),
    figure('total_favourite_users', 'People who kept it since the sending.'),
    figure('total_favourite_count', 'How often it was kept since the sending.'),
    figure('total_like_users', 'People who liked it (点赞) since the sending.'),
    figure('total_heart_users', 'People who recommended it (推荐, the heart) since the sending.'),
    figure('total_comment_count', 'Comments since the sending.'),
    figure('total_reward_fen', 'Rewards since the sending, in hundredths of a yuan.'),
    figure('total_subscribe_users', 'People who followed the account from it since the sending.'),
    figure('target_users', 'To how many it was delivered.'),
    share('delivery_rate', 'Readers among those it was delivered to, 0 to 1, since the sending.'),
    share('finish_rate', 'Readers who read it to its end, 0 to 1, since the sending.'),
    share('average_seconds', 'Seconds that a reader stayed, on average, since the sending.'),
    ...[1, 2, 3, 4, 5].map((fifth) =>
      share(`left_in_fifth${fifth}`, `Readers who left in the ${ORDINALS[fifth - 1]} fifth of it, 0 to 1.`),
    ),
    time('fetched_at', 'd.fetched_at', 'When WeChat was last asked for it. UTC.'),
  ],
};
