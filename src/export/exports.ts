import { isDay } from '../campaigns/days.ts';
import type { Clock } from '../clock.ts';
import { biViews } from '../db/bi-views.ts';
import { dayOf, type Span, type ViewReader } from '../db/view-reader.ts';
import type { Log } from '../log.ts';
import { toCsv } from './csv.ts';
import { toJsonLines } from './jsonl.ts';
import { toParquet } from './parquet.ts';

/** Each holds a connection and a batch of rows. */
const AT_ONCE = 4;

/** Who takes nothing for so long is gone. A piece is a batch of rows, or a group of a Parquet file: some megabytes at most. */
export const STALL_MS = 5 * 60_000;

const PATH = /^\/export\/(\w+)\.(csv|jsonl|parquet)$/;

const PARAMETERS = ['from', 'to', 'bom'];

const BOM = new Map([
  ['1', true],
  ['true', true],
  ['0', false],
  ['false', false],
]);

const mediaTypes = {
  csv: 'text/csv; charset=utf-8',
  jsonl: 'application/x-ndjson; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
};

/** What is answered to a request for an export: the file, piece by piece, or why there is none. */
export type Export =
  | { status: 200; mediaType: string; fileName: string; pieces: AsyncGenerator<string | Uint8Array> }
  | { status: 400 | 404 | 503; reason: string };

/** Views as files, `/export/<view>.<format>?from=&to=`: Beijing dates, both included. `bom=1` marks CSV for Excel. */
export function createExports(reader: ViewReader, log: Log, clock: Clock) {
  let running = 0;

  /** Lets go of the database where nobody reads on: a transaction that stays open makes its log grow, and holds the place of another. */
  async function* counted<T>(pieces: AsyncGenerator<T>): AsyncGenerator<T> {
    running++;
    let stalled: Error | null = null;
    try {
      for await (const piece of pieces) {
        const cancel = clock.after(STALL_MS, () => {
          stalled = new Error('nothing was read of an export for five minutes');
          log.warn({}, stalled.message);
          running--;
          pieces.return(undefined).catch(() => {});
        });
        try {
          yield piece;
        } finally {
          cancel();
        }
        if (stalled) throw stalled;
      }
    } catch (error) {
      if (isGone(error)) log.info({}, 'whoever read an export went away');
      else if (!stalled) log.error({ error }, 'an export broke off');
      throw error;
    } finally {
      if (!stalled) running--;
    }
  }

  return (path: string, query: URLSearchParams): Export => {
    const [, name, format] = PATH.exec(path) ?? [];
    const view = biViews.find((candidate) => candidate.name === name);
    if (!view || !isFormat(format)) return { status: 404, reason: 'no such view or format' };
    // A misspelt one would be answered with every day there is.
    const stray = [...query.keys()].find((key) => !PARAMETERS.includes(key) || query.getAll(key).length > 1);
    if (stray !== undefined)
      return { status: 400, reason: 'the parameters are from, to and bom, each at most once' };
    const span: Span = { from: query.get('from'), to: query.get('to') };
    const wrong = Object.entries(span).find(([, day]) => day !== null && !isDay(day));
    if (wrong) return { status: 400, reason: `${wrong[0]} must be a date: YYYY-MM-DD` };
    if (span.from && span.to && span.from > span.to) return { status: 400, reason: 'from is later than to' };
    if ((span.from || span.to) && !dayOf(view)) return { status: 400, reason: `${view.name} has no date` };
    const bom = query.get('bom');
    if (bom !== null && (format !== 'csv' || !BOM.has(bom)))
      return { status: 400, reason: 'bom is 1 or 0, and for CSV alone' };
    if (running >= AT_ONCE) return { status: 503, reason: 'too many exports are running: try again later' };
    const batches = reader.read(view, span);
    const encoded = {
      csv: () => toCsv(view, batches, { bom: BOM.get(bom ?? '0') === true }),
      jsonl: () => toJsonLines(view, batches),
      parquet: () => toParquet(view, batches),
    };
    const pieces = counted<string | Uint8Array>(encoded[format]());
    return { status: 200, mediaType: mediaTypes[format], fileName: `${view.name}.${format}`, pieces };
  };
}
export type Exports = ReturnType<typeof createExports>;

/** Node's word for a reader that closes the connection before the end. */
const isGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';

const isFormat = (format: string | undefined): format is keyof typeof mediaTypes =>
  format !== undefined && format in mediaTypes;
