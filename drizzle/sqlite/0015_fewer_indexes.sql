DROP INDEX `calls_job`;--> statement-breakpoint
DROP INDEX `events_msg_id`;--> statement-breakpoint
DROP INDEX `pushes_untold`;--> statement-breakpoint
CREATE INDEX `pushes_untold` ON `pushes` (`app_id`,`id`) WHERE "pushes"."untold";