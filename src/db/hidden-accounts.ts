import { count } from 'drizzle-orm';
import type { Log } from '../log.ts';
import type { Database } from './database.ts';

/** The accounts that the database has campaigns of and the gateway does not know: those are neither shown nor sent. */
export async function hiddenAccounts(
  { read, tables: t }: Database,
  known: readonly { appId: string }[],
  log: Log,
): Promise<string[]> {
  const all = await read
    .select({ appId: t.campaigns.appId, campaigns: count() })
    .from(t.campaigns)
    .groupBy(t.campaigns.appId);
  const others = all.filter(({ appId }) => !known.some((account) => account.appId === appId));
  if (others.length > 0)
    log.warn({ others }, 'campaigns of accounts that are not configured are neither shown nor sent');
  return others.map(({ appId }) => appId);
}
