DROP INDEX `jobs_copyright`;--> statement-breakpoint
ALTER TABLE `campaigns` ADD `copyright_states` text;--> statement-breakpoint
UPDATE `campaigns` SET `copyright_states` = (
  SELECT group_concat(DISTINCT `copyright_state` ORDER BY `copyright_state`) FROM `jobs` WHERE `campaign_id` = `campaigns`.`id`
);--> statement-breakpoint
CREATE INDEX `campaigns_copyright` ON `campaigns` (`copyright_states`,`created_at`,`id`);