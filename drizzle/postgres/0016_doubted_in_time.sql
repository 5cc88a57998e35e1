-- A call of these may have been carried out, which was in time: they may be asked for after it.
UPDATE "jobs" SET "send_before" = NULL WHERE "status" = 'UNKNOWN' AND "attempts" > 0;
