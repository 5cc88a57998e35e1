import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { openDatabase } from '../../src/db/open.ts';
import { createSqliteDatabase, migrate } from '../kit/database.ts';

it('plans by its indexes alone, whatever statistics somebody has left in the file', async () => {
  const database = createSqliteDatabase();
  const path = database.url.slice('file:'.length);
  const statistics = () => {
    const file = new Sqlite(path);
    const rows = file.prepare('select count(*) from sqlite_stat1').pluck().get();
    file.close();
    return rows;
  };
  await migrate(database.url);
  const other = new Sqlite(path);
  other.exec('analyze');
  other.close();
  expect(statistics()).toBeGreaterThan(0);
  const owned = await openDatabase(database.url, () => {});
  await owned.own(() => {});
  await owned.close();
  expect(statistics()).toBe(0);
  await database.drop();
});
