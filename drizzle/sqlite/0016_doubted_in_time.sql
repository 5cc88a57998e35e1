-- A call of these may have been carried out, which was in time: they may be asked for after it. Not so of what a copy doubts.
UPDATE `jobs` SET `send_before` = NULL
WHERE `status` = 'UNKNOWN' AND `attempts` > 0 AND (`failure` IS NULL OR `failure` NOT LIKE '%restored from a backup%');
