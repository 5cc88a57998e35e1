import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { openDatabase } from '../src/db/open.ts';
import { startUnderMeasure } from './gateway-under-measure.ts';

const ROWS = [1_000, 1_000_000];
const FORMATS = ['csv', 'jsonl', 'parquet'];

/** A database with so many events, which is the view that grows longest. */
async function fill(path: string, rows: number): Promise<void> {
  const database = await openDatabase(`file:${path}`, () => {});
  await database.close();
  const file = new Sqlite(path);
  file.exec(`
    with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ${rows})
    insert into events (at, type, app_id, msg_id, raw_status)
    select strftime('%Y-%m-%d %H:%M:%f', 1767225600 + n, 'unixepoch'), 'MassSendJobFinished', 'wxbench', n, 'send success'
    from numbers`);
  file.close();
}

const folder = mkdtempSync(join(tmpdir(), 'qunfa-bench-'));
console.log('format        rows   seconds   rows/s   size (MB)   peak memory (MB)   against the first');
for (const rows of ROWS) await fill(join(folder, `${rows}.sqlite`), rows);
for (const format of FORMATS) {
  let first: number | null = null;
  for (const rows of ROWS) {
    using gateway = await startUnderMeasure({ DATABASE_URL: `file:${join(folder, `${rows}.sqlite`)}` });
    const startedAt = performance.now();
    const { body } = await fetch(`${gateway.url}/export/bi_events.${format}`);
    let bytes = 0;
    for await (const piece of body ?? []) bytes += piece.length;
    const seconds = (performance.now() - startedAt) / 1000;
    const peakMb = await gateway.peakMb();
    first ??= peakMb;
    const columns = [
      format.padEnd(7),
      rows.toLocaleString('en').padStart(11),
      seconds.toFixed(1).padStart(10),
      Math.round(rows / seconds)
        .toLocaleString('en')
        .padStart(9),
      (bytes / 1e6).toFixed(1).padStart(12),
      peakMb.toFixed(0).padStart(19),
      `${(peakMb / first).toFixed(2)}x`.padStart(20),
    ];
    console.log(columns.join(''));
  }
}
rmSync(folder, { recursive: true });
