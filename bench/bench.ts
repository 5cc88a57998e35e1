import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { moveToLoadCore } from './kit/cores.ts';
import { startGateway } from './kit/gateway.ts';
import { startProfiled } from './kit/profile.ts';
import { tableOf } from './kit/report.ts';
import { saveResults } from './kit/results.ts';
import type { Bench, Row } from './kit/row.ts';

/** In the order of the tables. */
const ROWS = [
  'read',
  'pages',
  'callbacks',
  'fan-out',
  'idle',
  'latency',
  'mass-send',
  'client',
  'start',
  'audience',
  'day',
];

const HELP = `npm run bench                 every row, in under fifteen minutes
npm run bench -- read pages   these rows (${ROWS.join(', ')})
  --quick       small sizes: shows that it works, and nothing is written
  --full        the sizes that take long: a day of a million events
  --rounds <n>  5 unless told
  --profile     profiles the gateway into profiles/<row>.cpuprofile; figures are not written`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const unknown = positionals.filter((name) => !ROWS.includes(name));
if (values.help || unknown.length > 0) {
  console.log(unknown.length > 0 ? `there is no row ${unknown.join(', ')}\n${HELP}` : HELP);
  process.exit(values.help ? 0 : 1);
}

// As `npm ci` leaves the gateway; the sources may have changed since.
execFileSync(process.execPath, [join(import.meta.dirname, '../scripts/bundle.js'), '--if-changed'], {
  stdio: 'inherit',
});
moveToLoadCore();
const rounds = Number(values.rounds ?? (values.quick ? 1 : 5));
for (const name of positionals.length > 0 ? positionals : ROWS) {
  const row: Row = await import(`./rows/${name}.ts`);
  const folder = mkdtempSync(join(tmpdir(), 'qunfa-bench-'));
  const startedAt = performance.now();
  const bench: Bench = {
    rounds,
    folder,
    size: (quick, usual, full = usual) => (values.quick ? quick : values.full ? full : usual),
    startGateway: (options) => (values.profile ? startProfiled(options, name) : startGateway(options)),
  };
  try {
    const measured = await row.run(bench);
    const seconds = (performance.now() - startedAt) / 1000;
    const result = { name, title: row.title, seconds, at: new Date().toISOString(), ...measured };
    console.log(`\n${tableOf(result)}`);
    if (!values.quick && !values.profile) saveResults(result, ROWS);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
