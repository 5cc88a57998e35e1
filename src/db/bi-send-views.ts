import { type BiView, boolean, counts, integer, text, timeAndDate } from './bi-view.ts';

const NO_FIGURES = 'No result event with figures has arrived.';

export const campaigns: BiView = {
  name: 'bi_campaigns',
  about:
    'One row a campaign: one mass send as it was asked for, with what became of it. Accounts that are not configured any more are in it too.',
  // The ids of a campaign are those of its first job, as in GraphQL.
  from: 'campaigns c left join jobs j on j.campaign_id = c.id and j."index" = 0',
  columns: [
    text('campaign_id', 'c.id', 'Key of the view; `Campaign.id` in GraphQL.'),
    text('app_id', 'c.app_id', 'The account that sends.'),
    text('label', 'c.label', 'The name its sender gave it.', 'None was given.'),
    text(
      'message_type',
      'c.message_type',
      '`MPNEWS`, `TEXT`, `VOICE`, `MUSIC`, `IMAGE`, `MPVIDEO`, `WXCARD`.',
    ),
    text('audience_kind', 'c.audience_kind', '`ALL`, `TAG` or `OPEN_IDS` (a list of people).'),
    integer('tag_id', 'c.tag_id', 'The tag it goes to.', 'It does not go to a tag.'),
    integer(
      'recipients',
      'c.recipients',
      'How many it is addressed to.',
      'It goes to a tag or to all, and no result event has told yet.',
    ),
    boolean(
      'send_ignore_reprint',
      'c.send_ignore_reprint',
      'Whether it goes on where an article is a reprint that its author allows.',
    ),
    text(
      'status',
      'c.status',
      '`PENDING`, `SUBMITTING`, `UNKNOWN`, `SENDING`, `SENT`, `FAILED`, `CANCELED`, `EXPIRED` or `DELETED`, over all jobs.',
    ),
    text('msg_id', 'j.msg_id', "WeChat's id of the send; of the first job.", 'WeChat has not accepted it.'),
    text(
      'msg_data_id',
      'j.msg_data_id',
      "WeChat's id of the data in its article analytics; of the first job.",
      'WeChat gave none, which it does for articles only.',
    ),
    ...counts('c', NO_FIGURES),
    ...timeAndDate('created_at', 'c.created_at', 'When it was asked for.'),
    ...timeAndDate('scheduled_at', 'c.scheduled_at', 'It does not leave before then.', 'It leaves at once.'),
    ...timeAndDate(
      'submitted_at',
      'c.submitted_at',
      'When its first job was handed to WeChat.',
      'None was yet.',
    ),
    integer('submitted_hour_cn', 'c.submitted_hour_cn', 'Its hour in Beijing, 0 to 23.', 'None was yet.'),
    ...timeAndDate(
      'finished_at',
      'c.finished_at',
      'When the outcome of its last job became known.',
      'Not all are known.',
    ),
    ...timeAndDate('deleted_at', 'c.deleted_at', 'When it was deleted.', 'It was not.'),
  ],
};

export const jobs: BiView = {
  name: 'bi_jobs',
  about:
    'One row a job: the part of a campaign that is one call to WeChat. A campaign has one, or one for every 10,000 people of a list.',
  from: 'jobs j join campaigns c on c.id = j.campaign_id',
  columns: [
    text('job_id', 'j.id', 'Key of the view; `SendJob.id` in GraphQL.'),
    text('campaign_id', 'j.campaign_id', 'Its campaign in `bi_campaigns`.'),
    text('app_id', 'j.app_id', 'The account that sends.'),
    integer('job_index', 'j."index"', 'Its position in the campaign, from 0.'),
    text('label', 'c.label', 'The label of the campaign.', 'None was given.'),
    text('message_type', 'c.message_type', 'As in `bi_campaigns`.'),
    text('audience_kind', 'c.audience_kind', 'As in `bi_campaigns`.'),
    integer('tag_id', 'c.tag_id', 'The tag it goes to.', 'It does not go to a tag.'),
    integer(
      'recipients',
      'j.recipients',
      'How many it is addressed to.',
      'It goes to a tag or to all, and no result event has told yet.',
    ),
    text('status', 'j.status', 'Where it stands; the words of `bi_campaigns`.'),
    text('msg_id', 'j.msg_id', "WeChat's id of the send.", 'WeChat has not accepted it.'),
    text(
      'msg_data_id',
      'j.msg_data_id',
      "WeChat's id of the data in its article analytics.",
      'WeChat gave none, which it does for articles only.',
    ),
    ...counts('j', NO_FIGURES),
    text(
      'copyright_state',
      'j.copyright_state',
      '`NOT_CHECKED`, `NOT_REPRINT`, `REPRINT_ALLOWED` or `REPRINT_FORBIDDEN`, over all articles.',
      'No result event tells of a check.',
    ),
    text(
      'raw_status',
      'j.raw_status',
      'The status of the last result event, in the words of WeChat.',
      'No result event has arrived.',
    ),
    integer(
      'failure_code',
      'j.failure_code',
      "WeChat's errcode, or N of an audit's err(N).",
      'Nothing is wrong, or WeChat gave no code.',
    ),
    text(
      'failure_reason',
      'j.failure_reason',
      'Why it failed, or what it waits for, in English with the Chinese term.',
      'Nothing is wrong.',
    ),
    boolean(
      'failure_retryable',
      'j.failure_retryable',
      'Whether the same send can succeed later, unchanged.',
      'Nothing is wrong.',
    ),
    integer('attempts', 'j.attempts', 'How often WeChat was called for it.'),
    ...timeAndDate('created_at', 'c.created_at', 'When the campaign was asked for.'),
    ...timeAndDate('submitted_at', 'j.submitted_at', 'When it was handed to WeChat.', 'It was not yet.'),
    integer('submitted_hour_cn', 'j.submitted_hour_cn', 'Its hour in Beijing, 0 to 23.', 'It was not yet.'),
    ...timeAndDate('finished_at', 'j.finished_at', 'When its outcome became known here.', 'It is not yet.'),
    ...timeAndDate('deleted_at', 'j.deleted_at', 'When it was deleted.', 'It was not.'),
  ],
};
