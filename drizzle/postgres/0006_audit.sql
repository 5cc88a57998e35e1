CREATE TABLE "audit" (
	"id" bigint PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"caller" text NOT NULL,
	"address" text,
	"action" text NOT NULL,
	"app_id" text,
	"target" text,
	"outcome" text NOT NULL,
	"asked_in" bigint,
	"request_id" text,
	"arguments" text,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE INDEX "audit_caller" ON "audit" USING btree ("caller","id");--> statement-breakpoint
CREATE INDEX "audit_action" ON "audit" USING btree ("action","id");--> statement-breakpoint
CREATE INDEX "audit_target" ON "audit" USING btree ("target","id");