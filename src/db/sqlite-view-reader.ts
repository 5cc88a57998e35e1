import { existsSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { BATCH_ROWS, type Cell, selectOf, type ViewReader } from './view-reader.ts';

export const createSqliteViewReader = (path: string): ViewReader => ({
  async *read(view, span) {
    if (!existsSync(path)) throw new Error(`there is no database ${path}`);
    const file = new Sqlite(path, { readonly: true, fileMustExist: true });
    try {
      const { sql, values } = selectOf(
        view,
        span,
        ({ name }) => `"${name}"`,
        () => '?',
      );
      const isBoolean = view.columns.map(({ kind }) => kind === 'BOOLEAN');
      let batch: Cell[][] = [];
      for (const row of file
        .prepare(sql)
        .raw()
        .iterate(...values) as Iterable<Cell[]>) {
        batch.push(row.map((cell, index) => (isBoolean[index] && cell !== null ? cell === 1 : cell)));
        if (batch.length < BATCH_ROWS) continue;
        yield batch;
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
