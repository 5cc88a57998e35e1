import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { end, WRONG_USE, wordsOrEnd } from '../scripts/end.ts';
import { brokenEngines, isBrokenEngine } from './broken-engines.ts';
import { isPoint } from './kill-plan.ts';
import { runProof } from './proof.ts';
import { report } from './report.ts';

const USAGE = `npm run prove -- [--kills 1000] [--seed <number>] [--database postgres://…] [--at <point>] [--break ${Object.keys(brokenEngines).join('|')}]`;

const { values } = wordsOrEnd(USAGE, () =>
  parseArgs({
    options: {
      kills: { type: 'string', default: '1000' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      database: { type: 'string' },
      at: { type: 'string' },
      break: { type: 'string' },
    },
  }),
);
const kills = Number(values.kills);
const seed = Number(values.seed);
const { at = null, break: broken = null } = values;
const isUsable = Number.isInteger(kills) && kills >= 0 && Number.isInteger(seed);
if (!isUsable || (broken !== null && !isBrokenEngine(broken)) || (at !== null && !isPoint(at))) {
  end(USAGE, WRONG_USE);
}

const folder = mkdtempSync(join(tmpdir(), 'qunfa-prove-'));
const databaseUrl = values.database ?? `file:${join(folder, 'qunfa.sqlite')}`;
const progress = (line: string) => console.error(line);
progress(`seed ${seed}, ${kills} kills, in ${folder}`);

const result = await runProof({ kills, seed, databaseUrl, folder, broken, at, progress });
const { text, holds } = report(result, { seed, kills });
console.log(text);
if (holds) rmSync(folder, { recursive: true });
else console.error(`\nTHE PROOF FAILED. Its database is in ${folder}.`);
process.exitCode = holds ? 0 : 1;
