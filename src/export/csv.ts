import type { BiView } from '../db/bi-view.ts';
import type { Cell } from '../db/view-reader.ts';

/** What a spreadsheet takes for the beginning of a formula; a Chinese or Japanese one takes the wide signs for the same. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** Where Excel separates by semicolons, as in much of Europe, an unquoted one would begin a new cell. */
const QUOTED = /[",;\t\r\n]/;

const BOM = '\uFEFF';

/** RFC 4180. `bom`: Excel needs it to see that the text is UTF-8. */
export async function* toCsv(
  view: BiView,
  batches: AsyncIterable<Cell[][]>,
  { bom }: { bom: boolean },
): AsyncGenerator<string> {
  yield (bom ? BOM : '') + line(view.columns.map(({ name }) => name));
  for await (const rows of batches) yield rows.map(line).join('');
}

const line = (cells: readonly Cell[]): string => `${cells.map(field).join(',')}\r\n`;

function field(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  // Titles are written by strangers: one that begins like a formula must not become one.
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  // An empty text is quoted, so that it is not taken for NULL.
  return text === '' || QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
