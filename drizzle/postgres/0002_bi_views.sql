CREATE TABLE calendar_days (
  date_cn date PRIMARY KEY NOT NULL,
  year bigint NOT NULL, month text NOT NULL, iso_week text NOT NULL, weekday bigint NOT NULL
)
--> statement-breakpoint
INSERT INTO calendar_days
SELECT day::date, extract(year from day)::bigint, to_char(day, 'YYYY-MM'), to_char(day, 'IYYY-"W"IW'), extract(isodow from day)::bigint
FROM generate_series(timestamp '2020-01-01', timestamp '2039-12-31', interval '1 day') day
--> statement-breakpoint
UPDATE campaigns SET
  total_count = (SELECT sum(total_count) FROM jobs WHERE campaign_id = campaigns.id),
  eligible_count = (SELECT sum(eligible_count) FROM jobs WHERE campaign_id = campaigns.id),
  sent_count = (SELECT sum(sent_count) FROM jobs WHERE campaign_id = campaigns.id),
  failed_count = (SELECT sum(failed_count) FROM jobs WHERE campaign_id = campaigns.id)
--> statement-breakpoint
ALTER TABLE campaigns ADD COLUMN "created_date_cn" date GENERATED ALWAYS AS (("created_at" at time zone 'Asia/Shanghai')::date) STORED,
  ADD COLUMN "scheduled_date_cn" date GENERATED ALWAYS AS (("scheduled_at" at time zone 'Asia/Shanghai')::date) STORED,
  ADD COLUMN "submitted_date_cn" date GENERATED ALWAYS AS (("submitted_at" at time zone 'Asia/Shanghai')::date) STORED,
  ADD COLUMN "submitted_hour_cn" bigint GENERATED ALWAYS AS (extract(hour from "submitted_at" at time zone 'Asia/Shanghai')::bigint) STORED,
  ADD COLUMN "finished_date_cn" date GENERATED ALWAYS AS (("finished_at" at time zone 'Asia/Shanghai')::date) STORED,
  ADD COLUMN "deleted_date_cn" date GENERATED ALWAYS AS (("deleted_at" at time zone 'Asia/Shanghai')::date) STORED
--> statement-breakpoint
ALTER TABLE jobs ADD COLUMN "submitted_date_cn" date GENERATED ALWAYS AS (("submitted_at" at time zone 'Asia/Shanghai')::date) STORED,
  ADD COLUMN "submitted_hour_cn" bigint GENERATED ALWAYS AS (extract(hour from "submitted_at" at time zone 'Asia/Shanghai')::bigint) STORED,
  ADD COLUMN "finished_date_cn" date GENERATED ALWAYS AS (("finished_at" at time zone 'Asia/Shanghai')::date) STORED,
  ADD COLUMN "deleted_date_cn" date GENERATED ALWAYS AS (("deleted_at" at time zone 'Asia/Shanghai')::date) STORED,
  ADD COLUMN "failure_code" bigint GENERATED ALWAYS AS (("failure" ->> 'code')::bigint) STORED,
  ADD COLUMN "failure_reason" text GENERATED ALWAYS AS (("failure" ->> 'reason')::text) STORED,
  ADD COLUMN "failure_retryable" boolean GENERATED ALWAYS AS (("failure" ->> 'retryable')::boolean) STORED
--> statement-breakpoint
ALTER TABLE job_articles ADD COLUMN "deleted_date_cn" date GENERATED ALWAYS AS (("deleted_at" at time zone 'Asia/Shanghai')::date) STORED
--> statement-breakpoint
ALTER TABLE events ADD COLUMN "at_date_cn" date GENERATED ALWAYS AS (("at" at time zone 'Asia/Shanghai')::date) STORED,
  ADD COLUMN "total_count" bigint GENERATED ALWAYS AS (("counts" ->> 'total')::bigint) STORED,
  ADD COLUMN "eligible_count" bigint GENERATED ALWAYS AS (("counts" ->> 'eligible')::bigint) STORED,
  ADD COLUMN "sent_count" bigint GENERATED ALWAYS AS (("counts" ->> 'sent')::bigint) STORED,
  ADD COLUMN "failed_count" bigint GENERATED ALWAYS AS (("counts" ->> 'failed')::bigint) STORED,
  ADD COLUMN "copyright_state" text GENERATED ALWAYS AS (("copyright_check" ->> 'state')::text) STORED
--> statement-breakpoint
CREATE OR REPLACE VIEW bi_campaigns AS SELECT
  c.id AS campaign_id,
  c.app_id AS app_id,
  c.label AS label,
  c.message_type AS message_type,
  c.audience_kind AS audience_kind,
  c.tag_id AS tag_id,
  c.recipients AS recipients,
  c.send_ignore_reprint AS send_ignore_reprint,
  c.status AS status,
  j.msg_id AS msg_id,
  j.msg_data_id AS msg_data_id,
  c.total_count AS total_count,
  c.eligible_count AS eligible_count,
  c.sent_count AS sent_count,
  c.failed_count AS failed_count,
  c.created_at AS created_at,
  c.created_date_cn AS created_date_cn,
  c.scheduled_at AS scheduled_at,
  c.scheduled_date_cn AS scheduled_date_cn,
  c.submitted_at AS submitted_at,
  c.submitted_date_cn AS submitted_date_cn,
  c.submitted_hour_cn AS submitted_hour_cn,
  c.finished_at AS finished_at,
  c.finished_date_cn AS finished_date_cn,
  c.deleted_at AS deleted_at,
  c.deleted_date_cn AS deleted_date_cn
FROM campaigns c left join jobs j on j.campaign_id = c.id and j."index" = 0
--> statement-breakpoint
CREATE OR REPLACE VIEW bi_jobs AS SELECT
  j.id AS job_id,
  j.campaign_id AS campaign_id,
  j.app_id AS app_id,
  j."index" AS job_index,
  c.label AS label,
  c.message_type AS message_type,
  c.audience_kind AS audience_kind,
  c.tag_id AS tag_id,
  j.recipients AS recipients,
  j.status AS status,
  j.msg_id AS msg_id,
  j.msg_data_id AS msg_data_id,
  j.total_count AS total_count,
  j.eligible_count AS eligible_count,
  j.sent_count AS sent_count,
  j.failed_count AS failed_count,
  j.copyright_state AS copyright_state,
  j.raw_status AS raw_status,
  j.failure_code AS failure_code,
  j.failure_reason AS failure_reason,
  j.failure_retryable AS failure_retryable,
  j.attempts AS attempts,
  c.created_at AS created_at,
  c.created_date_cn AS created_date_cn,
  j.submitted_at AS submitted_at,
  j.submitted_date_cn AS submitted_date_cn,
  j.submitted_hour_cn AS submitted_hour_cn,
  j.finished_at AS finished_at,
  j.finished_date_cn AS finished_date_cn,
  j.deleted_at AS deleted_at,
  j.deleted_date_cn AS deleted_date_cn
FROM jobs j join campaigns c on c.id = j.campaign_id
--> statement-breakpoint
CREATE OR REPLACE VIEW bi_articles AS SELECT
  a.article_msgid AS article_msgid,
  j.campaign_id AS campaign_id,
  j.id AS job_id,
  j.app_id AS app_id,
  a."index" AS article_index,
  a.title AS title,
  a.url AS url,
  a.content_source_url AS content_source_url,
  j.status AS status,
  j.msg_id AS msg_id,
  j.msg_data_id AS msg_data_id,
  j.copyright_state AS copyright_state,
  r.user_declare_state AS user_declare_state,
  r.audit_state AS audit_state,
  r.original_article_url AS original_article_url,
  r.original_article_type AS original_article_type,
  r.can_reprint AS can_reprint,
  r.need_replace_content AS need_replace_content,
  r.need_show_reprint_source AS need_show_reprint_source,
  j.submitted_at AS submitted_at,
  j.submitted_date_cn AS submitted_date_cn,
  a.deleted_at AS deleted_at,
  a.deleted_date_cn AS deleted_date_cn
FROM job_articles a join jobs j on j.id = a.job_id
  left join copyright_results r on r.job_id = a.job_id and r.article_index = a."index"
--> statement-breakpoint
CREATE OR REPLACE VIEW bi_copyright_results AS SELECT
  a.article_msgid AS article_msgid,
  j.campaign_id AS campaign_id,
  j.id AS job_id,
  j.app_id AS app_id,
  r.article_index AS article_index,
  j.msg_data_id AS msg_data_id,
  r.user_declare_state AS user_declare_state,
  r.audit_state AS audit_state,
  r.original_article_url AS original_article_url,
  r.original_article_type AS original_article_type,
  r.can_reprint AS can_reprint,
  r.need_replace_content AS need_replace_content,
  r.need_show_reprint_source AS need_show_reprint_source,
  j.finished_at AS finished_at,
  j.finished_date_cn AS finished_date_cn
FROM copyright_results r join jobs j on j.id = r.job_id
  left join job_articles a on a.job_id = r.job_id and a."index" = r.article_index
--> statement-breakpoint
CREATE OR REPLACE VIEW bi_events AS SELECT
  e.id AS event_id,
  e.app_id AS app_id,
  e.campaign_id AS campaign_id,
  e.job_id AS job_id,
  e.at AS at,
  e.at_date_cn AS at_date_cn,
  e.type AS type,
  e.status AS status,
  e.msg_id AS msg_id,
  e.raw_status AS raw_status,
  e.total_count AS total_count,
  e.eligible_count AS eligible_count,
  e.sent_count AS sent_count,
  e.failed_count AS failed_count,
  e.copyright_state AS copyright_state
FROM events e
--> statement-breakpoint
CREATE OR REPLACE VIEW bi_calendar AS SELECT
  d.date_cn AS date_cn,
  d.year AS year,
  d.month AS month,
  d.iso_week AS iso_week,
  d.weekday AS weekday
FROM calendar_days d
