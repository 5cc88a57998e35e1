ALTER TABLE "campaigns" ADD COLUMN "total_count" bigint;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "eligible_count" bigint;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "sent_count" bigint;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "failed_count" bigint;