ALTER TABLE `campaigns` ADD `total_count` integer;--> statement-breakpoint
ALTER TABLE `campaigns` ADD `eligible_count` integer;--> statement-breakpoint
ALTER TABLE `campaigns` ADD `sent_count` integer;--> statement-breakpoint
ALTER TABLE `campaigns` ADD `failed_count` integer;