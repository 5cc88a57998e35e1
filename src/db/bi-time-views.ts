import { type BiView, counts, date, integer, text, time } from './bi-view.ts';

const ELSEWHERE =
  'The send was not made here, or nobody could know yet that it was: then a later row has it.';
const NO_RESULT = 'It is no result event.';

export const events: BiView = {
  name: 'bi_events',
  about:
    'One row an event: a job that changed its status, or a result event of WeChat, also of sends that were not made here. Rows are only ever added.',
  from: 'events e',
  columns: [
    integer('event_id', 'e.id', 'Key of the view; grows with every event.'),
    text('app_id', 'e.app_id', 'The account that it is about.'),
    text('campaign_id', 'e.campaign_id', 'The campaign in `bi_campaigns`.', ELSEWHERE),
    text('job_id', 'e.job_id', 'The job in `bi_jobs`.', ELSEWHERE),
    time('at', 'e.at', 'When it happened; of a result event, when it arrived. UTC.'),
    date('at_date_cn', 'e.at_date_cn', 'The Beijing date of `at`.'),
    text('type', 'e.type', '`SendJobChanged` or `MassSendJobFinished`, as in GraphQL.'),
    text(
      'status',
      'e.status',
      'What the job changed to; the words of `bi_campaigns`.',
      'It is a result event.',
    ),
    text('msg_id', 'e.msg_id', "WeChat's id of the send that has ended.", NO_RESULT),
    text('raw_status', 'e.raw_status', 'How it ended, in the words of WeChat.', NO_RESULT),
    ...counts('e', 'It is no result event, or one without figures.'),
    text(
      'copyright_state',
      'e.copyright_state',
      'The verdict over all articles; the words of `bi_jobs`.',
      'It tells of no copyright check.',
    ),
  ],
};

export const calendar: BiView = {
  name: 'bi_calendar',
  about:
    'One row a Beijing day, from 2020-01-01 to 2039-12-31: join it, so that days without a send are seen.',
  from: 'calendar_days d',
  columns: [
    date('date_cn', 'd.date_cn', 'Key of the view; what every `…_date_cn` joins.'),
    integer('year', 'd.year', 'The year.'),
    text('month', 'd.month', '`YYYY-MM`.'),
    text('iso_week', 'd.iso_week', '`YYYY-Www`, as in ISO 8601: weeks begin on Monday.'),
    integer('weekday', 'd.weekday', '1 for Monday to 7 for Sunday.'),
  ],
};
