import { readFileSync, writeFileSync } from 'node:fs';
import { type ColumnKind, declaredTypes } from '../src/db/bi-columns.ts';
import type { BiView } from '../src/db/bi-view.ts';
import { biViews } from '../src/db/bi-views.ts';

// Writes the data dictionary into docs/bi.md; with --check only says whether it is up to date.
const path = new URL('../docs/bi.md', import.meta.url);
const marks = [
  '<!-- dictionary: written by npm run dictionary -->',
  '<!-- end of the dictionary -->',
] as const;

const typeOf = (kind: ColumnKind): string =>
  kind === 'BOOLEAN'
    ? 'boolean (0 or 1 on SQLite)'
    : { TEXT: 'text', INTEGER: 'integer', REAL: 'number', TIME: 'time', DATE: 'date' }[kind];

const section = ({ name, about, columns }: BiView): string =>
  [
    `### ${name}`,
    about,
    [
      '| column | type | meaning | NULL |',
      '|---|---|---|---|',
      ...columns.map(
        ({ name, kind, meaning, whenNull }) =>
          `| \`${name}\` | ${typeOf(kind)} | ${meaning} | ${whenNull ?? 'never'} |`,
      ),
    ].join('\n'),
  ].join('\n\n');

const { sqlite, postgres } = declaredTypes;
const types = `A time is \`${sqlite.TIME}\` on SQLite, as text \`YYYY-MM-DD HH:MM:SS.SSS\` in UTC, and \`${postgres.TIME}\` on Postgres. A date is a day in Beijing, as text \`YYYY-MM-DD\` on SQLite. Ids are text: WeChat's are larger than the numbers of a spreadsheet.`;
const printed = [types, ...biViews.map(section)].join('\n\n');

const text = readFileSync(path, 'utf8');
const [before, after] = [text.split(marks[0])[0], text.split(marks[1])[1]];
if (before === undefined || after === undefined)
  throw new Error(`docs/bi.md lacks "${marks.join('" or "')}"`);
const wanted = `${before}${marks[0]}\n\n${printed}\n\n${marks[1]}${after}`;

if (!process.argv.includes('--check')) writeFileSync(path, wanted);
else if (text !== wanted) {
  console.error('docs/bi.md is not what the views say: run npm run dictionary');
  process.exitCode = 1;
}
