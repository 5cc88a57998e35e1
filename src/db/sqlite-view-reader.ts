import { existsSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { generatedColumns } from './bi-columns.ts';
import type { BiView } from './bi-view.ts';
import { BATCH_ROWS, type Cell, dayOf, type Span, selectOf, type ViewReader } from './view-reader.ts';

const EVERY_DAY: Span = { from: null, to: null };

/** No index has such a column, so looking for days in it would go through the whole table in one step of ours. */
function isComputed(view: BiView): boolean {
  const { source } = view.columns.find(({ name }) => name === dayOf(view)) ?? {};
  return generatedColumns.some(({ name }) => source?.split('.')[1] === name);
}

const isWithin = (day: Cell, { from, to }: Span): boolean =>
  (from === null || (day !== null && day >= from)) && (to === null || (day !== null && day <= to));

export const createSqliteViewReader = (path: string): ViewReader => ({
  async *read(view, span) {
    if (!existsSync(path)) throw new Error(`there is no database ${path}`);
    const file = new Sqlite(path, { readonly: true, fileMustExist: true });
    try {
      const { sql, values } = selectOf(
        view,
        isComputed(view) ? EVERY_DAY : span,
        ({ name }) => `"${name}"`,
        () => '?',
      );
      const isBoolean = view.columns.map(({ kind }) => kind === 'BOOLEAN');
      const day = view.columns.findIndex(({ name }) => name === dayOf(view));
      let batch: Cell[][] = [];
      let seen = 0;
      for (const row of file
        .prepare(sql)
        .raw()
        .iterate(...values) as Iterable<Cell[]>) {
        if (isWithin(row[day] ?? null, span))
          batch.push(row.map((cell, index) => (isBoolean[index] && cell !== null ? cell === 1 : cell)));
        if (++seen % BATCH_ROWS !== 0) continue;
        if (batch.length > 0) yield batch;
        batch = [];
        // Reading is synchronous: between two batches everybody else has a turn.
        await setImmediate();
      }
      if (batch.length > 0) yield batch;
    } finally {
      file.close();
    }
  },
});
