import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { chartOf } from './chart.ts';
import { CAN_PIN } from './cores.ts';
import { goalOf, markdown, numberOf, type Result, ratioOf, tableOf } from './report.ts';

const ROOT = join(import.meta.dirname, '../..');
const RESULTS = join(ROOT, 'bench/results.json');
const LIBRARIES = ['better-sqlite3', 'graphql', 'graphql-yoga', 'graphql-ws', 'mercurius', 'undici', 'ws'];

/** Between these the README has the table, which is written anew with every run. */
const README_TABLE = /(<!-- bench -->\n)[\s\S]*?(<!-- \/bench -->)/;

/** Takes a row down beside those that were measured before, and writes everything that is made of them. */
export function saveResults(result: Result, order: readonly string[]): void {
  const earlier: Result[] = existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, 'utf8')) : [];
  const results = [...earlier.filter(({ name }) => name !== result.name), result].sort(
    (one, other) => order.indexOf(one.name) - order.indexOf(other.name),
  );
  writeFileSync(RESULTS, `${JSON.stringify(results, rounded, 2)}\n`);
  writeFileSync(join(ROOT, 'bench/RESULTS.md'), resultsPage(results));
  writeFileSync(join(ROOT, 'docs/bench.svg'), chartOf(results));
  const readme = join(ROOT, 'README.md');
  const text = readFileSync(readme, 'utf8');
  writeFileSync(
    readme,
    text.replace(README_TABLE, (_, from, to) => `${from}${shortTable(results)}\n${to}`),
  );
}

/** More digits than were measured are no news. */
const rounded = (_: string, value: unknown) =>
  typeof value === 'number' ? Number(value.toPrecision(5)) : value;

function resultsPage(results: Result[]): string {
  const { version, dependencies, devDependencies } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  );
  // Exact, and those that are locked, as `npm run check` sees to.
  const versions = { ...dependencies, ...devDependencies };
  return `# What was measured

Written by \`npm run bench\`. Ratios count, not figures: contestants take turns in one run, and a ratio is that of one round. Between 0.75 and 1.3 no difference can be seen on a machine that others use too.

${markdown(
  ['', ''],
  [
    ['qunfa', version],
    [
      'machine',
      `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB`,
    ],
    ['system', `${platform()} ${release()}, Node ${process.versions.node}, SQLite by better-sqlite3`],
    ['cores', CAN_PIN ? 'the server on one, the load on another' : 'not pinned: there is no taskset here'],
    ['libraries', LIBRARIES.map((name) => `${name} ${versions[name]}`).join(', ')],
  ],
).join('\n')}

${results.map((result) => `${tableOf(result)}\n\nMeasured ${result.at.slice(0, 10)} in ${Math.round(result.seconds)} s.`).join('\n\n')}
`;
}

/** One line a ratio that has a goal, for the README. */
function shortTable(results: Result[]): string {
  const lines = results.flatMap((result) =>
    result.comparisons.filter(goalOf).map((comparison, index) => {
      const { middle, reached } = ratioOf(result, comparison);
      const title = index === 0 ? result.title : '';
      const goal = reached ? goalOf(comparison) : `${goalOf(comparison)}, **missed**`;
      return [title, `${comparison.of} ÷ ${comparison.to}`, `${numberOf(middle)}×`, goal];
    }),
  );
  return markdown(['work', 'ratio', 'median', 'goal'], lines).join('\n');
}
