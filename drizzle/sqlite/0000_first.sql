CREATE TABLE `access_tokens` (
	`app_id` text PRIMARY KEY NOT NULL,
	`token` text NOT NULL,
	`expires_at` DATETIME NOT NULL
);
--> statement-breakpoint
CREATE TABLE `calls` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`app_id` text NOT NULL,
	`endpoint` text NOT NULL,
	`job_id` text,
	`at` DATETIME NOT NULL,
	`duration_ms` integer NOT NULL,
	`errcode` integer,
	`message` text
);
--> statement-breakpoint
CREATE INDEX `calls_endpoint` ON `calls` (`app_id`,`endpoint`,`at`);--> statement-breakpoint
CREATE INDEX `calls_job` ON `calls` (`job_id`);--> statement-breakpoint
CREATE TABLE `campaigns` (
	`id` text PRIMARY KEY NOT NULL,
	`app_id` text NOT NULL,
	`idempotency_key` text NOT NULL,
	`fingerprint` text NOT NULL,
	`label` text,
	`message_type` text NOT NULL,
	`media_id` text,
	`audience_kind` text NOT NULL,
	`tag_id` integer,
	`recipients` integer,
	`send_ignore_reprint` integer NOT NULL,
	`status` text NOT NULL,
	`created_at` DATETIME NOT NULL,
	`scheduled_at` DATETIME,
	`send_before` DATETIME,
	`submitted_at` DATETIME,
	`finished_at` DATETIME,
	`deleted_at` DATETIME
);
--> statement-breakpoint
CREATE UNIQUE INDEX `campaigns_idempotency` ON `campaigns` (`app_id`,`idempotency_key`);--> statement-breakpoint
CREATE INDEX `campaigns_newest` ON `campaigns` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `campaigns_account` ON `campaigns` (`app_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `campaigns_status` ON `campaigns` (`status`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `campaigns_message_type` ON `campaigns` (`message_type`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `campaigns_tag` ON `campaigns` (`tag_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `campaigns_material` ON `campaigns` (`app_id`,`media_id`);--> statement-breakpoint
CREATE TABLE `copyright_results` (
	`job_id` text NOT NULL,
	`article_index` integer NOT NULL,
	`user_declare_state` integer,
	`audit_state` integer,
	`original_article_url` text,
	`original_article_type` integer,
	`can_reprint` integer,
	`need_replace_content` integer,
	`need_show_reprint_source` integer,
	PRIMARY KEY(`job_id`, `article_index`),
	FOREIGN KEY (`job_id`) REFERENCES `jobs`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `events` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` DATETIME NOT NULL,
	`type` text NOT NULL,
	`app_id` text NOT NULL,
	`campaign_id` text,
	`job_id` text,
	`status` text,
	`msg_id` text,
	`raw_status` text,
	`counts` text,
	`copyright_check` text
);
--> statement-breakpoint
CREATE INDEX `events_campaign` ON `events` (`campaign_id`,`id`);--> statement-breakpoint
CREATE INDEX `events_msg_id` ON `events` (`app_id`,`msg_id`);--> statement-breakpoint
CREATE TABLE `exhausted_quotas` (
	`app_id` text NOT NULL,
	`kind` text NOT NULL,
	`from` DATETIME NOT NULL,
	`at` DATETIME NOT NULL,
	PRIMARY KEY(`app_id`, `kind`, `from`)
);
--> statement-breakpoint
CREATE TABLE `instance` (
	`id` text PRIMARY KEY NOT NULL,
	`fence` integer NOT NULL,
	`place` text NOT NULL,
	`held_since` DATETIME,
	`started_at` DATETIME NOT NULL
);
--> statement-breakpoint
CREATE TABLE `job_articles` (
	`job_id` text NOT NULL,
	`index` integer NOT NULL,
	`article_msgid` text,
	`title` text,
	`author` text,
	`digest` text,
	`content_source_url` text,
	`url` text,
	`deleted_at` DATETIME,
	PRIMARY KEY(`job_id`, `index`),
	FOREIGN KEY (`job_id`) REFERENCES `jobs`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `job_articles_msgid` ON `job_articles` (`article_msgid`);--> statement-breakpoint
CREATE TABLE `job_requests` (
	`job_id` text PRIMARY KEY NOT NULL,
	`endpoint` text NOT NULL,
	`body` text NOT NULL,
	FOREIGN KEY (`job_id`) REFERENCES `jobs`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `jobs` (
	`id` text PRIMARY KEY NOT NULL,
	`campaign_id` text NOT NULL,
	`app_id` text NOT NULL,
	`index` integer NOT NULL,
	`client_msg_id` text NOT NULL,
	`to_all` integer NOT NULL,
	`recipients` integer,
	`status` text NOT NULL,
	`msg_id` text,
	`msg_data_id` text,
	`failure` text,
	`total_count` integer,
	`eligible_count` integer,
	`sent_count` integer,
	`failed_count` integer,
	`copyright_state` text,
	`raw_status` text,
	`send_before` DATETIME,
	`next_attempt_at` DATETIME,
	`attempts` integer NOT NULL,
	`lease_until` DATETIME,
	`fence` integer NOT NULL,
	`unknown_since` DATETIME,
	`counts_at` DATETIME NOT NULL,
	`unconfirmed_since` DATETIME,
	`next_poll_at` DATETIME,
	`polls` integer NOT NULL,
	`submitted_at` DATETIME,
	`finished_at` DATETIME,
	`deleted_at` DATETIME,
	FOREIGN KEY (`campaign_id`) REFERENCES `campaigns`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `jobs_position` ON `jobs` (`campaign_id`,`index`);--> statement-breakpoint
CREATE UNIQUE INDEX `jobs_client_msg_id` ON `jobs` (`app_id`,`client_msg_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `jobs_msg_id` ON `jobs` (`app_id`,`msg_id`);--> statement-breakpoint
CREATE INDEX `jobs_msg_data_id` ON `jobs` (`msg_data_id`);--> statement-breakpoint
CREATE INDEX `jobs_next_attempt` ON `jobs` (`app_id`,`next_attempt_at`);--> statement-breakpoint
CREATE INDEX `jobs_lease` ON `jobs` (`app_id`,`lease_until`);--> statement-breakpoint
CREATE INDEX `jobs_next_poll` ON `jobs` (`app_id`,`next_poll_at`);--> statement-breakpoint
CREATE INDEX `jobs_counts_at` ON `jobs` (`app_id`,`counts_at`);--> statement-breakpoint
CREATE INDEX `jobs_copyright` ON `jobs` (`copyright_state`);--> statement-breakpoint
CREATE TABLE `material_articles` (
	`app_id` text NOT NULL,
	`media_id` text NOT NULL,
	`index` integer NOT NULL,
	`title` text NOT NULL,
	`author` text,
	`digest` text,
	`content_source_url` text,
	`thumb_media_id` text NOT NULL,
	`show_cover_pic` integer,
	`content` text NOT NULL,
	PRIMARY KEY(`app_id`, `media_id`, `index`)
);
--> statement-breakpoint
CREATE TABLE `materials` (
	`app_id` text NOT NULL,
	`media_id` text NOT NULL,
	`type` text NOT NULL,
	`created_at` DATETIME NOT NULL,
	`uploaded_at` DATETIME NOT NULL,
	PRIMARY KEY(`app_id`, `media_id`)
);
--> statement-breakpoint
CREATE TABLE `previews` (
	`id` text PRIMARY KEY NOT NULL,
	`app_id` text NOT NULL,
	`at` DATETIME NOT NULL,
	`by_wx_name` integer NOT NULL,
	`message_type` text NOT NULL,
	`msg_id` text,
	`failure` text
);
--> statement-breakpoint
CREATE INDEX `previews_account` ON `previews` (`app_id`,`at`);--> statement-breakpoint
CREATE TABLE `pushes` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`app_id` text NOT NULL,
	`received_at` DATETIME NOT NULL,
	`digest` text NOT NULL,
	`msg_type` text,
	`event` text,
	`msg_id` text,
	`raw` text NOT NULL,
	`result` text,
	`untold` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `pushes_digest` ON `pushes` (`app_id`,`digest`);--> statement-breakpoint
CREATE INDEX `pushes_msg_id` ON `pushes` (`app_id`,`msg_id`,`id`);--> statement-breakpoint
CREATE INDEX `pushes_untold` ON `pushes` (`app_id`,`untold`);--> statement-breakpoint
CREATE TABLE `staged_requests` (
	`job_id` text PRIMARY KEY NOT NULL,
	`stage` text NOT NULL,
	`endpoint` text NOT NULL,
	`body` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `staged_requests_stage` ON `staged_requests` (`stage`);