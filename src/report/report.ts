import type { Clock } from '../clock.ts';
import type { ViewReader } from '../db/view-reader.ts';
import { readFigures } from './figures.ts';
import { printPage } from './page.ts';

const DAY_MS = 24 * 3_600_000;
/** China has had one time since 1991. */
const BEIJING_MS = 8 * 3_600_000;

export const REPORT_DAYS = 30;

/**
 * A page of the last days, today in Beijing included. Whoever asks while one is made gets that one.
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
    const days = lastDays(madeAt, deps.days ?? REPORT_DAYS);
    const figures = await readFigures(deps.reader, days, deps.accounts);
    // Half a second and 80 MB, which a gateway that nobody asks for a report does without.
    const { drawCharts } = await import('./charts.ts');
    const charts = figures.sends > 0 ? drawCharts(figures) : [];
    return printPage({ figures, charts, madeAt, severalAccounts: deps.accounts.length > 1 });
  }

  let making: Promise<string> | null = null;
  return () => {
    making ??= make().finally(() => {
      making = null;
    });
    return making;
  };
}

function lastDays(now: Date, count: number): string[] {
  const today = now.getTime() + BEIJING_MS;
  return Array.from({ length: count }, (_, index) =>
    new Date(today - (count - 1 - index) * DAY_MS).toISOString().slice(0, 10),
  );
}
