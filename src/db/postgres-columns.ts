import * as pg from 'drizzle-orm/pg-core';
import type { Kit } from './sqlite-columns.ts';

/** What `sqliteKit` is for SQLite. Queries are typed against SQLite, whose rows these columns answer too. */
export const postgresKit = {
  table: pg.pgTable,
  index: pg.index,
  uniqueIndex: pg.uniqueIndex,
  primaryKey: pg.primaryKey,
  text: () => pg.text(),
  integer: () => pg.bigint({ mode: 'number' }),
  real: () => pg.doublePrecision(),
  boolean: () => pg.boolean(),
  date: () => pg.date({ mode: 'string' }),
  dateTime: () => pg.timestamp({ precision: 3, withTimezone: true, mode: 'date' }),
  json: () => pg.jsonb(),
  growingKey: () => pg.bigserial({ mode: 'number' }).primaryKey(),
} as unknown as Kit;
