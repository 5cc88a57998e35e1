import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSqliteDatabase, migrate } from '../kit/database.ts';
import { type Postgres, startPostgres } from '../kit/postgres.ts';
import { createPostgresDatabase } from '../kit/postgres-databases.ts';
import { type DescribedDatabase, describePostgres, describeSqlite } from './described-database.ts';

let server: Postgres;
let sqlite: DescribedDatabase;
let postgres: DescribedDatabase;

beforeAll(async () => {
  server = await startPostgres();
  const file = createSqliteDatabase();
  const fresh = await createPostgresDatabase(server.url);
  for (const { url } of [file, fresh]) await migrate(url);
  sqlite = await describeSqlite(file.url);
  postgres = await describePostgres(fresh.url);
  await file.drop();
  await fresh.drop();
});
afterAll(() => server.stop());

it.each([
  'tables',
  'columns',
  'generatedColumns',
  'primaryKeys',
  'growingKeys',
  'indexes',
  'uniqueIndexes',
  'foreignKeys',
] satisfies (keyof DescribedDatabase)[])('has the same %s on SQLite and on Postgres', (what) => {
  expect(sqlite[what]).not.toEqual([]);
  expect(sqlite[what].filter((line) => line.includes('unknown kind'))).toEqual([]);
  expect(sqlite[what]).toEqual(postgres[what]);
});

it('has a primary key on every table', () => {
  expect(sqlite.primaryKeys.map((line) => line.split(' ')[0])).toEqual(sqlite.tables);
});

it('migrates a database that is up to date without touching it', async () => {
  const file = createSqliteDatabase();
  const fresh = await createPostgresDatabase(server.url);
  for (const { url } of [file, fresh, file, fresh]) await migrate(url);
  expect(await describeSqlite(file.url)).toEqual(sqlite);
  expect(await describePostgres(fresh.url)).toEqual(postgres);
  await file.drop();
  await fresh.drop();
});
