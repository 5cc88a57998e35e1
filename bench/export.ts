import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillEvents } from './fill-events.ts';
import { startGateway } from './kit/gateway.ts';

const ROWS = [1_000, 1_000_000];
const FORMATS = ['csv', 'jsonl', 'parquet'];

const folder = mkdtempSync(join(tmpdir(), 'qunfa-bench-'));
console.log('format        rows   seconds   rows/s   size (MB)   peak memory (MB)   against the first');
for (const rows of ROWS) await fillEvents(join(folder, `${rows}.sqlite`), rows);
for (const format of FORMATS) {
  let first: number | null = null;
  for (const rows of ROWS) {
    await using gateway = await startGateway({ database: join(folder, `${rows}.sqlite`) });
    const startedAt = performance.now();
    const { body } = await fetch(`${gateway.url}/export/bi_events.${format}`);
    let bytes = 0;
    for await (const piece of body ?? []) bytes += piece.length;
    const seconds = (performance.now() - startedAt) / 1000;
    const { peakMb } = await gateway.usage();
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
