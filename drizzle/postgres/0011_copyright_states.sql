DROP INDEX "jobs_copyright";--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "copyright_states" text;--> statement-breakpoint
UPDATE "campaigns" SET "copyright_states" = "found"."states" FROM (
  SELECT "campaign_id", string_agg(DISTINCT "copyright_state", ',' ORDER BY "copyright_state") AS "states"
  FROM "jobs" WHERE "copyright_state" IS NOT NULL GROUP BY "campaign_id"
) AS "found" WHERE "found"."campaign_id" = "campaigns"."id";--> statement-breakpoint
CREATE INDEX "campaigns_copyright" ON "campaigns" USING btree ("copyright_states","created_at","id");