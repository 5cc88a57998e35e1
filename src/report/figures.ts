import { articles } from '../db/bi-article-views.ts';
import { campaigns, jobs } from '../db/bi-send-views.ts';
import type { BiView } from '../db/bi-view.ts';
import type { Cell, Span, ViewReader } from '../db/view-reader.ts';

export type Row = Record<string, Cell>;

/** Null: nothing is known, which is not 0. */
export type Sum = number | null;

export interface Counts {
  eligible: Sum;
  delivered: Sum;
  failed: Sum;
}

export interface Figures {
  /** Beijing dates, each day of the span. */
  days: string[];
  sends: number;
  failures: number;
  counts: Counts;
  /** Of the articles that were checked; null where none was. */
  reprints: { checked: number; reprints: number } | null;
  /** Sends by day and status. */
  byDay: Map<string, { statuses: Map<string, number>; counts: Counts }>;
  /** Figures of jobs by the hour in Beijing at which WeChat got them. */
  byHour: Map<number, Counts>;
  byReason: Map<string, number>;
  byType: Map<string, number>;
  /** Rows of `bi_campaigns`, the latest first, at most `LISTED`. */
  latest: Row[];
}

/** A page with more rows than these is a table, which the exports are better for. */
export const LISTED = 200;

const CHECKED = ['NOT_REPRINT', 'REPRINT_ALLOWED', 'REPRINT_FORBIDDEN'];

/** Adds up the views, a batch at a time. @param accounts others are left out, as the API leaves them out */
export async function readFigures(
  reader: ViewReader,
  days: string[],
  accounts: readonly string[],
): Promise<Figures> {
  const span: Span = { from: days[0] ?? null, to: days.at(-1) ?? null };
  const known = new Set<Cell>(accounts);
  const figures: Figures = {
    days,
    sends: 0,
    failures: 0,
    counts: noCounts(),
    reprints: null,
    byDay: new Map(days.map((day) => [day, { statuses: new Map(), counts: noCounts() }])),
    byHour: new Map(),
    byReason: new Map(),
    byType: new Map(),
    latest: [],
  };
  const asked = new Set<Cell>();

  for await (const row of rowsOf(reader, campaigns, span)) {
    if (!known.has(row.app_id ?? null)) continue;
    asked.add(row.campaign_id ?? null);
    figures.sends++;
    if (row.status === 'FAILED') figures.failures++;
    addCounts(figures.counts, row);
    const day = figures.byDay.get(String(row.created_date_cn));
    if (day) {
      increase(day.statuses, String(row.status));
      addCounts(day.counts, row);
    }
    increase(figures.byType, String(row.message_type));
    figures.latest.push(row);
    if (figures.latest.length >= 2 * LISTED) figures.latest = newest(figures.latest);
  }
  figures.latest = newest(figures.latest);

  for await (const row of rowsOf(reader, jobs, span)) {
    if (!asked.has(row.campaign_id ?? null)) continue;
    if (row.status === 'FAILED') increase(figures.byReason, reasonOf(row));
    if (typeof row.submitted_hour_cn !== 'number' || row.sent_count === null) continue;
    const counts = figures.byHour.get(row.submitted_hour_cn) ?? noCounts();
    addCounts(counts, row);
    figures.byHour.set(row.submitted_hour_cn, counts);
  }

  // The day of an article is that of its sending, which may be after the last of these days.
  for await (const row of rowsOf(reader, articles, { from: span.from, to: null })) {
    if (!asked.has(row.campaign_id ?? null) || !CHECKED.includes(String(row.copyright_state))) continue;
    figures.reprints ??= { checked: 0, reprints: 0 };
    figures.reprints.checked++;
    if (row.original_article_url !== null) figures.reprints.reprints++;
  }
  return figures;
}

/** In percent; null where one of the two is not known, or nobody was eligible. */
export const deliveredPercent = ({ delivered, eligible }: Counts): number | null =>
  delivered === null || !eligible ? null : Math.round((1000 * delivered) / eligible) / 10;

async function* rowsOf(reader: ViewReader, view: BiView, span: Span): AsyncGenerator<Row> {
  const names = view.columns.map(({ name }) => name);
  for await (const batch of reader.read(view, span))
    for (const cells of batch)
      yield Object.fromEntries(names.map((name, index) => [name, cells[index] ?? null]));
}

const noCounts = (): Counts => ({ eligible: null, delivered: null, failed: null });

function addCounts(counts: Counts, row: Row): void {
  counts.eligible = plus(counts.eligible, row.eligible_count);
  counts.delivered = plus(counts.delivered, row.sent_count);
  counts.failed = plus(counts.failed, row.failed_count);
}

const plus = (sum: Sum, cell: Cell | undefined): Sum => (typeof cell === 'number' ? (sum ?? 0) + cell : sum);

const increase = <Key>(map: Map<Key, number>, key: Key): void => void map.set(key, (map.get(key) ?? 0) + 1);

const newest = (rows: Row[]): Row[] =>
  rows
    .sort((one, two) => compare(two.created_at, one.created_at) || compare(two.campaign_id, one.campaign_id))
    .slice(0, LISTED);

const compare = (one: Cell = '', two: Cell = ''): number => {
  const [left, right] = [String(one), String(two)];
  return left < right ? -1 : left > right ? 1 : 0;
};

function reasonOf({ failure_reason: reason, failure_code: code }: Row): string {
  const words = reason === null ? 'no reason is known 原因未知' : String(reason);
  return code === null ? words : `${words} (${code})`;
}
