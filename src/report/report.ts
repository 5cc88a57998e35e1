import { addDays, dayInBeijing, daysBetween } from '../campaigns/days.ts';
import type { Clock } from '../clock.ts';
import type { ViewReader } from '../db/view-reader.ts';
import { readFigures } from './figures.ts';
import { printPage } from './page.ts';

export const REPORT_DAYS = 30;

/**
 * A page of the last days, today in Beijing included. Those who ask while one is made share the next: that one may lack what they know of.
 * @param accounts app ids; sends of others are left out
 */
export function createReport(deps: {
  reader: ViewReader;
  accounts: readonly string[];
  clock: Pick<Clock, 'now'>;
  days?: number;
}): () => Promise<string> {
  async function make(): Promise<string> {
    const madeAt = deps.clock.now();
    const today = dayInBeijing(madeAt);
    const days = daysBetween(addDays(today, 1 - (deps.days ?? REPORT_DAYS)), today);
    const figures = await readFigures(deps.reader, days, deps.accounts);
    // Half a second and 80 MB, which a gateway that nobody asks for a report does without.
    const { drawCharts } = await import('./charts.ts');
    const charts = figures.sends > 0 ? drawCharts(figures) : [];
    return printPage({ figures, charts, madeAt, severalAccounts: deps.accounts.length > 1 });
  }

  let last: Promise<unknown> = Promise.resolve();
  let next: Promise<string> | null = null;
  return () => {
    next ??= last.then(() => {
      next = null;
      const page = make();
      last = page.catch(() => {});
      return page;
    });
    return next;
  };
}
