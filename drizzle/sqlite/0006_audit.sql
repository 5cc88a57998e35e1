CREATE TABLE `audit` (
	`id` integer PRIMARY KEY NOT NULL,
	`at` DATETIME NOT NULL,
	`caller` text NOT NULL,
	`address` text,
	`action` text NOT NULL,
	`app_id` text,
	`target` text,
	`outcome` text NOT NULL,
	`asked_in` integer,
	`request_id` text,
	`arguments` text,
	`hash` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_caller` ON `audit` (`caller`,`id`);--> statement-breakpoint
CREATE INDEX `audit_action` ON `audit` (`action`,`id`);--> statement-breakpoint
CREATE INDEX `audit_target` ON `audit` (`target`,`id`);