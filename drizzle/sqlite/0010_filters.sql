DROP INDEX `campaigns_idempotency`;--> statement-breakpoint
CREATE UNIQUE INDEX `campaigns_idempotency` ON `campaigns` (`idempotency_key`,`app_id`);--> statement-breakpoint
DROP INDEX `jobs_msg_id`;--> statement-breakpoint
CREATE UNIQUE INDEX `jobs_msg_id` ON `jobs` (`msg_id`,`app_id`);