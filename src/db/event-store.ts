import { and, asc, eq, gt, max } from 'drizzle-orm';
import type { Database } from './database.ts';

/** The event log, read by cursor. It is only ever appended to. */
export function createEventStore({ read, tables: t }: Database) {
  return {
    after: (cursor: number, limit: number, campaignId?: string) =>
      read
        .select()
        .from(t.events)
        .where(
          and(
            gt(t.events.id, cursor),
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
