import type { BiView } from '../db/bi-view.ts';
import type { Cell } from '../db/view-reader.ts';

/** An object a line, every column in it. */
export async function* toJsonLines(view: BiView, batches: AsyncIterable<Cell[][]>): AsyncGenerator<string> {
  const names = view.columns.map(({ name }) => name);
  for await (const rows of batches) {
    yield rows
      .map((row) => `${JSON.stringify(Object.fromEntries(row.map((cell, index) => [names[index], cell])))}\n`)
      .join('');
  }
}
