CREATE TABLE "account_daily" (
	"app_id" text NOT NULL,
	"day" date NOT NULL,
	"read_users" bigint,
	"share_users" bigint,
	"like_users" bigint,
	"heart_users" bigint,
	"comment_count" bigint,
	"favourite_users" bigint,
	"original_read_users" bigint,
	"published_articles" bigint,
	"fetched_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "account_daily_app_id_day_pk" PRIMARY KEY("app_id","day")
);
--> statement-breakpoint
CREATE TABLE "analytics_answers" (
	"app_id" text NOT NULL,
	"report" text NOT NULL,
	"day" date NOT NULL,
	"answer" jsonb,
	"fetched_at" timestamp (3) with time zone,
	"delayed" boolean NOT NULL,
	"outcome" text NOT NULL,
	"errcode" bigint NOT NULL,
	"tried_at" timestamp (3) with time zone NOT NULL,
	"failures" bigint NOT NULL,
	CONSTRAINT "analytics_answers_app_id_report_day_pk" PRIMARY KEY("app_id","report","day")
);
--> statement-breakpoint
CREATE TABLE "article_daily" (
	"app_id" text NOT NULL,
	"article_msgid" text NOT NULL,
	"day" date NOT NULL,
	"title" text,
	"url" text,
	"sent_day" date,
	"notified" boolean,
	"read_users" bigint,
	"read_count" bigint,
	"original_read_users" bigint,
	"original_read_count" bigint,
	"share_users" bigint,
	"share_count" bigint,
	"favourite_users" bigint,
	"favourite_count" bigint,
	"total_read_users" bigint,
	"total_read_count" bigint,
	"total_original_read_users" bigint,
	"total_original_read_count" bigint,
	"total_share_users" bigint,
	"total_share_count" bigint,
	"total_favourite_users" bigint,
	"total_favourite_count" bigint,
	"total_like_users" bigint,
	"total_heart_users" bigint,
	"total_comment_count" bigint,
	"total_reward_fen" bigint,
	"total_subscribe_users" bigint,
	"target_users" bigint,
	"delivery_rate" double precision,
	"finish_rate" double precision,
	"average_seconds" double precision,
	"left_in_fifth1" double precision,
	"left_in_fifth2" double precision,
	"left_in_fifth3" double precision,
	"left_in_fifth4" double precision,
	"left_in_fifth5" double precision,
	"fetched_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "article_daily_app_id_article_msgid_day_pk" PRIMARY KEY("app_id","article_msgid","day")
);
--> statement-breakpoint
CREATE TABLE "article_daily_sources" (
	"app_id" text NOT NULL,
	"article_msgid" text NOT NULL,
	"day" date NOT NULL,
	"source" text NOT NULL,
	"read_users" bigint,
	"read_count" bigint,
	"share_users" bigint,
	"share_count" bigint,
	"total_read_users" bigint,
	"total_read_count" bigint,
	"total_share_users" bigint,
	"total_share_count" bigint,
	"fetched_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "article_daily_sources_app_id_article_msgid_day_source_pk" PRIMARY KEY("app_id","article_msgid","day","source")
);
--> statement-breakpoint
CREATE INDEX "article_daily_day" ON "article_daily" USING btree ("day");--> statement-breakpoint
CREATE INDEX "article_daily_article" ON "article_daily" USING btree ("article_msgid");