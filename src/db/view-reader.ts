import type { BiView } from './bi-view.ts';

/** Times are `YYYY-MM-DD HH:MM:SS.SSS` in UTC and dates `YYYY-MM-DD`, from both databases. */
export type Cell = string | number | boolean | null;

/** Beijing dates, both included; null: open. */
export interface Span {
  from: string | null;
  to: string | null;
}

/** Reads views beside the writing, on connections of its own that cannot write. */
export interface ViewReader {
  /** Rows in no promised order, a batch at a time, all as they were when the first was read. */
  read(view: BiView, span: Span): AsyncGenerator<Cell[][], void>;
}

/** How many rows are in memory at once. */
export const BATCH_ROWS = 1_000;

/** The first date of a view is the day that a row belongs to. */
export const dayOf = (view: BiView): string | null =>
  view.columns.find(({ kind }) => kind === 'DATE')?.name ?? null;

/** @param select what is read of a column */
export function selectOf(
  view: BiView,
  { from, to }: Span,
  select: (column: BiView['columns'][number]) => string,
  parameter: (index: number) => string,
): { sql: string; values: string[] } {
  const values: string[] = [];
  const conditions: string[] = [];
  for (const [operator, day] of [
    ['>=', from],
    ['<=', to],
  ] as const) {
    if (day === null) continue;
    values.push(day);
    conditions.push(`"${dayOf(view)}" ${operator} ${parameter(values.length)}`);
  }
  const where = conditions.length > 0 ? ` where ${conditions.join(' and ')}` : '';
  return { sql: `select ${view.columns.map(select).join(', ')} from ${view.name}${where}`, values };
}
