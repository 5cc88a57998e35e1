import pg from 'pg';
import type { BiColumn } from './bi-view.ts';
import { patientConnectionTo } from './postgres-connection.ts';
import { BATCH_ROWS, type Cell, selectOf, type ViewReader } from './view-reader.ts';

/** In the letters that SQLite has them in. */
const select = ({ name, kind }: BiColumn): string => {
  if (kind === 'TIME') return `to_char("${name}" at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS')`;
  return kind === 'DATE' ? `"${name}"::text` : `"${name}"`;
};

export const createPostgresViewReader = (url: string): ViewReader => ({
  async *read(view, span) {
    const client = new pg.Client(patientConnectionTo(url));
    // Told between two batches, too, where nobody waits for an answer; the next question fails for it.
    client.on('error', () => {});
    await client.connect();
    try {
      const isNumber = view.columns.map(({ kind }) => kind === 'INTEGER');
      const { sql, values } = selectOf(view, span, select, (index) => `$${index}`);
      await client.query('begin read only');
      await client.query(`declare rows no scroll cursor for ${sql}`, values);
      for (;;) {
        const { rows } = await client.query<Cell[]>({
          text: `fetch ${BATCH_ROWS} from rows`,
          rowMode: 'array',
        });
        if (rows.length === 0) return;
        // Postgres gives a bigint as text.
        yield rows.map((row) =>
          row.map((cell, index) => (isNumber[index] && cell !== null ? Number(cell) : cell)),
        );
      }
    } finally {
      await client.end();
    }
  },
});
