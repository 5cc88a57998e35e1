CREATE TABLE `instance` (
	`id` text PRIMARY KEY NOT NULL,
	`fence` integer NOT NULL,
	`place` text NOT NULL,
	`held_since` DATETIME,
	`started_at` DATETIME NOT NULL
);
