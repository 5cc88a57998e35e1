DROP INDEX "campaigns_idempotency";--> statement-breakpoint
DROP INDEX "jobs_msg_id";--> statement-breakpoint
CREATE UNIQUE INDEX "campaigns_idempotency" ON "campaigns" USING btree ("idempotency_key","app_id");--> statement-breakpoint
CREATE UNIQUE INDEX "jobs_msg_id" ON "jobs" USING btree ("msg_id","app_id");