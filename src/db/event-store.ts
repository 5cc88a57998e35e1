import { and, asc, eq, gt, max } from 'drizzle-orm';
import { place, prepared } from './built-once.ts';
import { type Database, oneByOne, type Queries, run, type Step } from './database.ts';
import { isShown } from './hidden-accounts.ts';
import type { EventRow } from './job-changes.ts';
import type { Tables } from './tables.ts';

/** The event log, read by cursor, without what happens in the accounts `hidden`. It is only ever appended to. */
export function createEventStore({ read, tables }: Database, hidden: readonly string[] = []) {
  // Built once: it is read after every commit, and for everybody who subscribes.
  const eventsAfter = (ofCampaign: boolean) =>
    prepared<EventRow[]>((queries, t) =>
      queries
        .select()
        .from(t.events)
        .where(
          and(
            gt(t.events.id, place('cursor')),
            isShown(t.events.appId, hidden),
            ofCampaign ? eq(t.events.campaignId, place('campaignId')) : undefined,
          ),
        )
        .orderBy(asc(t.events.id))
        .limit(place('limit')),
    );
  const ofAll = eventsAfter(false);
  const ofOne = eventsAfter(true);

  return {
    after: async (cursor: number, limit: number, campaignId?: string): Promise<EventRow[]> =>
      campaignId === undefined
        ? ofAll(read, tables, { cursor, limit })
        : ofOne(read, tables, { cursor, limit, campaignId }),

    /** The id of the last event there is, 0 where there is none. */
    head: (): Promise<number> => oneByOne(lastEventId(read, tables)),
  };
}

/** 0 where there is no event. */
export function* lastEventId(queries: Queries, t: Tables): Step<number> {
  const [row] = yield* run(queries.select({ id: max(t.events.id) }).from(t.events));
  return row?.id ?? 0;
}
