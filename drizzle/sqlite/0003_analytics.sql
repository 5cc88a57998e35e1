CREATE TABLE `account_daily` (
	`app_id` text NOT NULL,
	`day` DATE NOT NULL,
	`read_users` integer,
	`share_users` integer,
	`like_users` integer,
	`heart_users` integer,
	`comment_count` integer,
	`favourite_users` integer,
	`original_read_users` integer,
	`published_articles` integer,
	`fetched_at` DATETIME NOT NULL,
	PRIMARY KEY(`app_id`, `day`)
);
--> statement-breakpoint
CREATE TABLE `analytics_answers` (
	`app_id` text NOT NULL,
	`report` text NOT NULL,
	`day` DATE NOT NULL,
	`answer` text,
	`fetched_at` DATETIME,
	`delayed` integer NOT NULL,
	`outcome` text NOT NULL,
	`errcode` integer NOT NULL,
	`tried_at` DATETIME NOT NULL,
	`failures` integer NOT NULL,
	PRIMARY KEY(`app_id`, `report`, `day`)
);
--> statement-breakpoint
CREATE TABLE `article_daily` (
	`app_id` text NOT NULL,
	`article_msgid` text NOT NULL,
	`day` DATE NOT NULL,
	`title` text,
	`url` text,
	`sent_day` DATE,
	`notified` integer,
	`read_users` integer,
	`read_count` integer,
	`original_read_users` integer,
	`original_read_count` integer,
	`share_users` integer,
	`share_count` integer,
	`favourite_users` integer,
	`favourite_count` integer,
	`total_read_users` integer,
	`total_read_count` integer,
	`total_original_read_users` integer,
	`total_original_read_count` integer,
	`total_share_users` integer,
	`total_share_count` integer,
	`total_favourite_users` integer,
	`total_favourite_count` integer,
	`total_like_users` integer,
	`total_heart_users` integer,
	`total_comment_count` integer,
	`total_reward_fen` integer,
	`total_subscribe_users` integer,
	`target_users` integer,
	`delivery_rate` real,
	`finish_rate` real,
	`average_seconds` real,
	`left_in_fifth1` real,
	`left_in_fifth2` real,
	`left_in_fifth3` real,
	`left_in_fifth4` real,
	`left_in_fifth5` real,
	`fetched_at` DATETIME NOT NULL,
	PRIMARY KEY(`app_id`, `article_msgid`, `day`)
);
--> statement-breakpoint
CREATE INDEX `article_daily_day` ON `article_daily` (`day`);--> statement-breakpoint
CREATE INDEX `article_daily_article` ON `article_daily` (`article_msgid`);--> statement-breakpoint
CREATE TABLE `article_daily_sources` (
	`app_id` text NOT NULL,
	`article_msgid` text NOT NULL,
	`day` DATE NOT NULL,
	`source` text NOT NULL,
	`read_users` integer,
	`read_count` integer,
	`share_users` integer,
	`share_count` integer,
	`total_read_users` integer,
	`total_read_count` integer,
	`total_share_users` integer,
	`total_share_count` integer,
	`fetched_at` DATETIME NOT NULL,
	PRIMARY KEY(`app_id`, `article_msgid`, `day`, `source`)
);
