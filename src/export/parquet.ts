import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { ColumnKind } from '../db/bi-columns.ts';
import type { BiView } from '../db/bi-view.ts';
import type { Cell } from '../db/view-reader.ts';

type SchemaElement = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number];

/** How many rows are encoded together: a reader skips whole groups, and one of them is in memory here. */
const GROUP_ROWS = 10_000;

const types: Record<ColumnKind, Partial<SchemaElement>> = {
  TEXT: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  INTEGER: { type: 'INT64' },
  REAL: { type: 'DOUBLE' },
  BOOLEAN: { type: 'BOOLEAN' },
  TIME: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
  DATE: { type: 'INT32', converted_type: 'DATE' },
};

const values: Record<ColumnKind, (cell: Exclude<Cell, null>) => unknown> = {
  TEXT: String,
  INTEGER: BigInt,
  REAL: Number,
  BOOLEAN: Boolean,
  TIME: (cell) => new Date(`${String(cell).replace(' ', 'T')}Z`),
  DATE: (cell) => new Date(`${cell}T00:00:00Z`),
};

/** One row group after the other, compressed with Snappy. */
export async function* toParquet(view: BiView, batches: AsyncIterable<Cell[][]>): AsyncGenerator<Uint8Array> {
  const writer = new ByteWriter();
  const parquet = new ParquetWriter({
    writer,
    createdBy: 'qunfa',
    schema: [
      { name: 'root', num_children: view.columns.length },
      ...view.columns.map(({ name, kind }) => ({
        name,
        repetition_type: 'OPTIONAL' as const,
        ...types[kind],
      })),
    ],
  });
  let group: Cell[][] = [];
  const encode = () => {
    const columnData = view.columns.map(({ name, kind }, index) => ({
      name,
      data: group.map((row) => {
        const cell = row[index] ?? null;
        return cell === null ? null : values[kind](cell);
      }),
    }));
    if (group.length > 0) parquet.write({ columnData, rowGroupSize: GROUP_ROWS });
    group = [];
  };
  for await (const rows of batches) {
    group.push(...rows);
    if (group.length < GROUP_ROWS) continue;
    encode();
    yield taken(writer);
  }
  encode();
  parquet.finish();
  yield taken(writer);
}

/** What is written so far; the buffer begins anew, the offsets in the file go on. */
function taken(writer: ByteWriter): Uint8Array {
  const bytes = writer.getBytes().slice();
  writer.index = 0;
  return bytes;
}
