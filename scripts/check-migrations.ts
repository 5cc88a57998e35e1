import { readdirSync, readFileSync } from 'node:fs';
import {
  generateDrizzleJson,
  generateMigration,
  generateSQLiteDrizzleJson,
  generateSQLiteMigration,
} from 'drizzle-kit/api';
import * as postgresTables from '../src/db/postgres-tables.ts';
import * as sqliteTables from '../src/db/sqlite-tables.ts';
import { missingBi } from './bi-migrations.ts';

// Says whether the tables, or the views for analysts, have changed since the last migration was generated, for either database.
const lastSnapshot = (dialect: string) => {
  const folder = new URL(`../drizzle/${dialect}/meta/`, import.meta.url);
  const last = readdirSync(folder)
    .filter((name) => name.endsWith('_snapshot.json'))
    .sort()
    .at(-1);
  return JSON.parse(readFileSync(new URL(last ?? '', folder), 'utf8'));
};

const [sqlite, postgres] = [lastSnapshot('sqlite'), lastSnapshot('postgres')];
const missing = {
  sqlite: [
    ...(await generateSQLiteMigration(
      sqlite,
      await generateSQLiteDrizzleJson(sqliteTables, sqlite.id, 'snake_case'),
    )),
    ...missingBi('sqlite'),
  ],
  postgres: [
    ...(await generateMigration(
      postgres,
      generateDrizzleJson(postgresTables, postgres.id, undefined, 'snake_case'),
    )),
    ...missingBi('postgres'),
  ],
};

// A database remembers the time of the newest that it has, and passes over whatever is older.
for (const dialect of ['sqlite', 'postgres']) {
  const journal = readFileSync(new URL(`../drizzle/${dialect}/meta/_journal.json`, import.meta.url), 'utf8');
  const times: number[] = JSON.parse(journal).entries.map(({ when }: { when: number }) => when);
  if (times.every((when, index) => when > (times[index - 1] ?? 0))) continue;
  console.error(`the migrations of drizzle/${dialect} are not in the order of their times`);
  process.exitCode = 1;
}

for (const [dialect, statements] of Object.entries(missing)) {
  if (statements.length === 0) continue;
  console.error(
    `the tables are ahead of drizzle/${dialect}: run npm run migrations\n${statements.join('\n')}`,
  );
  process.exitCode = 1;
}
