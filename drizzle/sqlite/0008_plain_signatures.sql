CREATE TABLE `plain_signatures` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`app_id` text NOT NULL,
	`signature` text NOT NULL,
	`digest` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `plain_signatures_signature` ON `plain_signatures` (`app_id`,`signature`);