DROP INDEX "audit_target";--> statement-breakpoint
DROP INDEX "campaigns_tag";--> statement-breakpoint
DROP INDEX "campaigns_copyright";--> statement-breakpoint
DROP INDEX "campaigns_material";--> statement-breakpoint
DROP INDEX "events_msg_id";--> statement-breakpoint
DROP INDEX "jobs_msg_id";--> statement-breakpoint
DROP INDEX "jobs_msg_data_id";--> statement-breakpoint
DROP INDEX "jobs_next_attempt";--> statement-breakpoint
DROP INDEX "jobs_lease";--> statement-breakpoint
DROP INDEX "jobs_next_poll";--> statement-breakpoint
CREATE INDEX "audit_target" ON "audit" USING btree ("target","id") WHERE "audit"."target" is not null;--> statement-breakpoint
CREATE INDEX "campaigns_tag" ON "campaigns" USING btree ("tag_id","created_at","id") WHERE "campaigns"."tag_id" is not null;--> statement-breakpoint
CREATE INDEX "campaigns_copyright" ON "campaigns" USING btree ("copyright_states","created_at","id") WHERE "campaigns"."copyright_states" is not null;--> statement-breakpoint
CREATE INDEX "campaigns_material" ON "campaigns" USING btree ("app_id","media_id") WHERE "campaigns"."media_id" is not null;--> statement-breakpoint
CREATE INDEX "events_msg_id" ON "events" USING btree ("app_id","msg_id") WHERE "events"."msg_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "jobs_msg_id" ON "jobs" USING btree ("msg_id","app_id") WHERE "jobs"."msg_id" is not null;--> statement-breakpoint
CREATE INDEX "jobs_msg_data_id" ON "jobs" USING btree ("msg_data_id") WHERE "jobs"."msg_data_id" is not null;--> statement-breakpoint
CREATE INDEX "jobs_next_attempt" ON "jobs" USING btree ("app_id","next_attempt_at","campaign_id","index") WHERE "jobs"."next_attempt_at" is not null;--> statement-breakpoint
CREATE INDEX "jobs_lease" ON "jobs" USING btree ("app_id","lease_until") WHERE "jobs"."lease_until" is not null;--> statement-breakpoint
CREATE INDEX "jobs_next_poll" ON "jobs" USING btree ("app_id","next_poll_at") WHERE "jobs"."next_poll_at" is not null;