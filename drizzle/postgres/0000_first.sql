CREATE TABLE "access_tokens" (
	"app_id" text PRIMARY KEY NOT NULL,
	"token" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "calls" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"app_id" text NOT NULL,
	"endpoint" text NOT NULL,
	"job_id" text,
	"at" timestamp (3) with time zone NOT NULL,
	"duration_ms" bigint NOT NULL,
	"errcode" bigint,
	"message" text
);
--> statement-breakpoint
CREATE TABLE "campaigns" (
	"id" text PRIMARY KEY NOT NULL,
	"app_id" text NOT NULL,
	"idempotency_key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"label" text,
	"message_type" text NOT NULL,
	"media_id" text,
	"audience_kind" text NOT NULL,
	"tag_id" bigint,
	"recipients" bigint,
	"send_ignore_reprint" boolean NOT NULL,
	"status" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"scheduled_at" timestamp (3) with time zone,
	"send_before" timestamp (3) with time zone,
	"submitted_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	"deleted_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "copyright_results" (
	"job_id" text NOT NULL,
	"article_index" bigint NOT NULL,
	"user_declare_state" bigint,
	"audit_state" bigint,
	"original_article_url" text,
	"original_article_type" bigint,
	"can_reprint" boolean,
	"need_replace_content" boolean,
	"need_show_reprint_source" boolean,
	CONSTRAINT "copyright_results_job_id_article_index_pk" PRIMARY KEY("job_id","article_index")
);
--> statement-breakpoint
CREATE TABLE "events" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"type" text NOT NULL,
	"app_id" text NOT NULL,
	"campaign_id" text,
	"job_id" text,
	"status" text,
	"msg_id" text,
	"raw_status" text,
	"counts" jsonb,
	"copyright_check" jsonb
);
--> statement-breakpoint
CREATE TABLE "exhausted_quotas" (
	"app_id" text NOT NULL,
	"kind" text NOT NULL,
	"from" timestamp (3) with time zone NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "exhausted_quotas_app_id_kind_from_pk" PRIMARY KEY("app_id","kind","from")
);
--> statement-breakpoint
CREATE TABLE "instance" (
	"id" text PRIMARY KEY NOT NULL,
	"fence" bigint NOT NULL,
	"place" text NOT NULL,
	"held_since" timestamp (3) with time zone,
	"started_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "job_articles" (
	"job_id" text NOT NULL,
	"index" bigint NOT NULL,
	"article_msgid" text,
	"title" text,
	"author" text,
	"digest" text,
	"content_source_url" text,
	"url" text,
	"deleted_at" timestamp (3) with time zone,
	CONSTRAINT "job_articles_job_id_index_pk" PRIMARY KEY("job_id","index")
);
--> statement-breakpoint
CREATE TABLE "job_requests" (
	"job_id" text PRIMARY KEY NOT NULL,
	"endpoint" text NOT NULL,
	"body" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"id" text PRIMARY KEY NOT NULL,
	"campaign_id" text NOT NULL,
	"app_id" text NOT NULL,
	"index" bigint NOT NULL,
	"client_msg_id" text NOT NULL,
	"to_all" boolean NOT NULL,
	"recipients" bigint,
	"status" text NOT NULL,
	"msg_id" text,
	"msg_data_id" text,
	"failure" jsonb,
	"total_count" bigint,
	"eligible_count" bigint,
	"sent_count" bigint,
	"failed_count" bigint,
	"copyright_state" text,
	"raw_status" text,
	"send_before" timestamp (3) with time zone,
	"next_attempt_at" timestamp (3) with time zone,
	"attempts" bigint NOT NULL,
	"lease_until" timestamp (3) with time zone,
	"fence" bigint NOT NULL,
	"unknown_since" timestamp (3) with time zone,
	"counts_at" timestamp (3) with time zone NOT NULL,
	"unconfirmed_since" timestamp (3) with time zone,
	"next_poll_at" timestamp (3) with time zone,
	"polls" bigint NOT NULL,
	"submitted_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	"deleted_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "material_articles" (
	"app_id" text NOT NULL,
	"media_id" text NOT NULL,
	"index" bigint NOT NULL,
	"title" text NOT NULL,
	"author" text,
	"digest" text,
	"content_source_url" text,
	"thumb_media_id" text NOT NULL,
	"show_cover_pic" boolean,
	"content" text NOT NULL,
	CONSTRAINT "material_articles_app_id_media_id_index_pk" PRIMARY KEY("app_id","media_id","index")
);
--> statement-breakpoint
CREATE TABLE "materials" (
	"app_id" text NOT NULL,
	"media_id" text NOT NULL,
	"type" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"uploaded_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "materials_app_id_media_id_pk" PRIMARY KEY("app_id","media_id")
);
--> statement-breakpoint
CREATE TABLE "previews" (
	"id" text PRIMARY KEY NOT NULL,
	"app_id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"by_wx_name" boolean NOT NULL,
	"message_type" text NOT NULL,
	"msg_id" text,
	"failure" jsonb
);
--> statement-breakpoint
CREATE TABLE "pushes" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"app_id" text NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"digest" text NOT NULL,
	"msg_type" text,
	"event" text,
	"msg_id" text,
	"raw" text NOT NULL,
	"result" jsonb,
	"untold" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "staged_requests" (
	"job_id" text PRIMARY KEY NOT NULL,
	"stage" text NOT NULL,
	"endpoint" text NOT NULL,
	"body" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "copyright_results" ADD CONSTRAINT "copyright_results_job_id_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."jobs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "job_articles" ADD CONSTRAINT "job_articles_job_id_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."jobs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "job_requests" ADD CONSTRAINT "job_requests_job_id_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."jobs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "calls_endpoint" ON "calls" USING btree ("app_id","endpoint","at");--> statement-breakpoint
CREATE INDEX "calls_job" ON "calls" USING btree ("job_id");--> statement-breakpoint
CREATE UNIQUE INDEX "campaigns_idempotency" ON "campaigns" USING btree ("app_id","idempotency_key");--> statement-breakpoint
CREATE INDEX "campaigns_newest" ON "campaigns" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "campaigns_account" ON "campaigns" USING btree ("app_id","created_at","id");--> statement-breakpoint
CREATE INDEX "campaigns_status" ON "campaigns" USING btree ("status","created_at","id");--> statement-breakpoint
CREATE INDEX "campaigns_message_type" ON "campaigns" USING btree ("message_type","created_at","id");--> statement-breakpoint
CREATE INDEX "campaigns_tag" ON "campaigns" USING btree ("tag_id","created_at","id");--> statement-breakpoint
CREATE INDEX "campaigns_material" ON "campaigns" USING btree ("app_id","media_id");--> statement-breakpoint
CREATE INDEX "events_campaign" ON "events" USING btree ("campaign_id","id");--> statement-breakpoint
CREATE INDEX "events_msg_id" ON "events" USING btree ("app_id","msg_id");--> statement-breakpoint
CREATE INDEX "job_articles_msgid" ON "job_articles" USING btree ("article_msgid");--> statement-breakpoint
CREATE UNIQUE INDEX "jobs_position" ON "jobs" USING btree ("campaign_id","index");--> statement-breakpoint
CREATE UNIQUE INDEX "jobs_client_msg_id" ON "jobs" USING btree ("app_id","client_msg_id");--> statement-breakpoint
CREATE UNIQUE INDEX "jobs_msg_id" ON "jobs" USING btree ("app_id","msg_id");--> statement-breakpoint
CREATE INDEX "jobs_msg_data_id" ON "jobs" USING btree ("msg_data_id");--> statement-breakpoint
CREATE INDEX "jobs_next_attempt" ON "jobs" USING btree ("app_id","next_attempt_at");--> statement-breakpoint
CREATE INDEX "jobs_lease" ON "jobs" USING btree ("app_id","lease_until");--> statement-breakpoint
CREATE INDEX "jobs_next_poll" ON "jobs" USING btree ("app_id","next_poll_at");--> statement-breakpoint
CREATE INDEX "jobs_counts_at" ON "jobs" USING btree ("app_id","counts_at");--> statement-breakpoint
CREATE INDEX "jobs_copyright" ON "jobs" USING btree ("copyright_state");--> statement-breakpoint
CREATE INDEX "previews_account" ON "previews" USING btree ("app_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "pushes_digest" ON "pushes" USING btree ("app_id","digest");--> statement-breakpoint
CREATE INDEX "pushes_msg_id" ON "pushes" USING btree ("app_id","msg_id","id");--> statement-breakpoint
CREATE INDEX "pushes_untold" ON "pushes" USING btree ("app_id","untold");--> statement-breakpoint
CREATE INDEX "staged_requests_stage" ON "staged_requests" USING btree ("stage");