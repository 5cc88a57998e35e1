import { asc, type Column, count, eq, gt, notInArray, type SQL } from 'drizzle-orm';
import type { Log } from '../log.ts';
import type { Database } from './database.ts';

/** Leaves out what belongs to hidden accounts. */
export const isShown = (appId: Column, hidden: readonly string[]): SQL | undefined =>
  hidden.length > 0 ? notInArray(appId, [...hidden]) : undefined;

/** The accounts that the database has campaigns of and the gateway does not know: those are neither shown nor sent. */
export async function hiddenAccounts(
  { read, tables: { campaigns } }: Database,
  known: readonly { appId: string }[],
  log: Log,
): Promise<string[]> {
  const others: { appId: string; campaigns: number }[] = [];
  // From each account to the next: a start must not take the longer, the more was sent.
  for (let appId = await accountAfter(''); appId !== null; appId = await accountAfter(appId)) {
    if (!known.some((account) => account.appId === appId))
      others.push({ appId, campaigns: await countOf(appId) });
  }
  if (others.length > 0)
    log.warn({ others }, 'campaigns of accounts that are not configured are neither shown nor sent');
  return others.map(({ appId }) => appId);

  async function accountAfter(last: string): Promise<string | null> {
    const { appId } = campaigns;
    const [next] = await read
      .select({ appId })
      .from(campaigns)
      .where(gt(appId, last))
      .orderBy(asc(appId))
      .limit(1);
    return next?.appId ?? null;
  }

  async function countOf(appId: string): Promise<number> {
    const [found] = await read
      .select({ campaigns: count() })
      .from(campaigns)
      .where(eq(campaigns.appId, appId));
    return found?.campaigns ?? 0;
  }
}
