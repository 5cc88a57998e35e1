import { type BiColumn, type BiView, boolean, integer, text, timeAndDate } from './bi-view.ts';

const NOT_GIVEN = 'WeChat did not give it, or reports nothing on the article.';

const found: readonly BiColumn[] = [
  integer(
    'user_declare_state',
    'r.user_declare_state',
    'What the account declared of the article; a number of WeChat without a documented meaning.',
    NOT_GIVEN,
  ),
  integer('audit_state', 'r.audit_state', "WeChat's verdict, as a number.", NOT_GIVEN),
  text('original_article_url', 'r.original_article_url', 'The original that it resembles.', NOT_GIVEN),
  integer(
    'original_article_type',
    'r.original_article_type',
    'The kind of that original; a number of WeChat without a documented meaning.',
    NOT_GIVEN,
  ),
  boolean('can_reprint', 'r.can_reprint', 'Whether its author allows reprints.', NOT_GIVEN),
  boolean(
    'need_replace_content',
    'r.need_replace_content',
    "Whether the content is replaced with the original's.",
    NOT_GIVEN,
  ),
  boolean(
    'need_show_reprint_source',
    'r.need_show_reprint_source',
    'Whether the source is shown to readers.',
    NOT_GIVEN,
  ),
];

const keys: readonly BiColumn[] = [
  text('campaign_id', 'j.campaign_id', 'Its campaign in `bi_campaigns`.'),
  text('job_id', 'j.id', 'Its job in `bi_jobs`.'),
  text('app_id', 'j.app_id', 'The account that sends.'),
];

const msgDataId = text(
  'msg_data_id',
  'j.msg_data_id',
  "WeChat's id of the data in its article analytics.",
  'WeChat has not accepted the send, or only said that it had it already (45065), as it does for very large tags.',
);

export const articles: BiView = {
  name: 'bi_articles',
  about: 'One row an article of a job, as it was sent, with what WeChat found in its copyright check.',
  from: `job_articles a join jobs j on j.id = a.job_id
  left join copyright_results r on r.job_id = a.job_id and r.article_index = a."index"`,
  columns: [
    text(
      'article_msgid',
      'a.article_msgid',
      "`<msg_data_id>_<article_index>`, the `msgid` of WeChat's article analytics.",
      'As of `msg_data_id`.',
    ),
    ...keys,
    integer('article_index', 'a."index"', 'Its position, from 1. With `job_id`, the key of the view.'),
    text('title', 'a.title', 'Its title.', 'The material was not uploaded through this gateway.'),
    text('url', 'a.url', 'Its address.', 'No result event has told it.'),
    text(
      'content_source_url',
      'a.content_source_url',
      'Where "read the original" leads.',
      'None was given, or the material was not uploaded through this gateway.',
    ),
    text('status', 'j.status', 'The status of the job; the words of `bi_campaigns`.'),
    text('msg_id', 'j.msg_id', "WeChat's id of the send.", 'WeChat has not accepted it.'),
    msgDataId,
    text(
      'copyright_state',
      'j.copyright_state',
      'The verdict over all articles of the job; the words of `bi_jobs`.',
      'No result event tells of a check.',
    ),
    ...found,
    ...timeAndDate('submitted_at', 'j.submitted_at', 'When it was handed to WeChat.', 'It was not yet.'),
    ...timeAndDate(
      'deleted_at',
      'a.deleted_at',
      'When it was deleted, alone or with the others, in this send or another of its material, as far as is known here.',
      'Nothing is known of that.',
    ),
  ],
};

export const copyrightResults: BiView = {
  name: 'bi_copyright_results',
  about:
    'One row an article that WeChat reports on in its copyright check. It leaves out those it has nothing to say of.',
  from: `copyright_results r join jobs j on j.id = r.job_id
  left join job_articles a on a.job_id = r.job_id and a."index" = r.article_index`,
  columns: [
    text(
      'article_msgid',
      'a.article_msgid',
      'The article in `bi_articles`.',
      'WeChat gave no `msg_data_id` for the send.',
    ),
    ...keys,
    integer('article_index', 'r.article_index', 'Its position, from 1. With `job_id`, the key of the view.'),
    msgDataId,
    ...found,
    ...timeAndDate(
      'finished_at',
      'j.finished_at',
      'When the outcome of the job became known here.',
      'It is not yet.',
    ),
  ],
};
