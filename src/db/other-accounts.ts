import { count } from 'drizzle-orm';
import type { Database } from './database.ts';

/** The accounts that the database has campaigns of and the gateway does not know, with how many there are. */
export async function otherAccounts(
  { read, tables: t }: Database,
  known: readonly string[],
): Promise<{ appId: string; campaigns: number }[]> {
  const all = await read
    .select({ appId: t.campaigns.appId, campaigns: count() })
    .from(t.campaigns)
    .groupBy(t.campaigns.appId);
  return all.filter(({ appId }) => !known.includes(appId));
}
