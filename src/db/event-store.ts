import { and, asc, eq, gt, max, notInArray } from 'drizzle-orm';
import type { Database } from './database.ts';

/** The event log, read by cursor, without what happens in the accounts `hidden`. It is only ever appended to. */
export function createEventStore({ read, tables: t }: Database, hidden: readonly string[] = []) {
  return {
    after: (cursor: number, limit: number, campaignId?: string) =>
      read
        .select()
        .from(t.events)
        .where(
          and(
            gt(t.events.id, cursor),
            hidden.length > 0 ? notInArray(t.events.appId, [...hidden]) : undefined,
            campaignId === undefined ? undefined : eq(t.events.campaignId, campaignId),
          ),
        )
        .orderBy(asc(t.events.id))
        .limit(limit),

    /** The id of the last event there is, 0 where there is none. */
    async head(): Promise<number> {
      const [row] = await read.select({ id: max(t.events.id) }).from(t.events);
      return row?.id ?? 0;
    },
  };
}
