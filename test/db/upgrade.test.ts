import Sqlite from 'better-sqlite3';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { expect, it } from 'vitest';
import { migrationsFolder } from '../../src/db/last-migration.ts';
import { createSqliteDatabase } from '../kit/database.ts';
import { startProcess } from '../kit/gateway-process.ts';
import { runSql } from '../kit/sql.ts';

/** A database as the first version of all has left it. */
function createFirstVersion(): { url: string } {
  const { url } = createSqliteDatabase();
  const file = new Sqlite(url.slice('file:'.length));
  const [first] = readMigrationFiles({ migrationsFolder: migrationsFolder('sqlite') });
  for (const statement of first?.sql ?? []) file.exec(statement);
  file.exec(
    'create table __drizzle_migrations (id serial primary key, hash text not null, created_at numeric)',
  );
  file
    .prepare('insert into __drizzle_migrations (hash, created_at) values (?, ?)')
    .run(first?.hash, first?.folderMillis);
  file.close();
  return { url };
}

/** Its tables, views, indexes and triggers by name. */
const partsOf = (url: string) => runSql(url, 'select type, name from sqlite_master order by type, name');

it('brings the tables of the first version up to date, and says so, before it listens', async () => {
  const [upgraded, fresh] = [createFirstVersion(), createSqliteDatabase()];
  for (const { url } of [upgraded, fresh]) {
    await using gateway = startProcess({ PORT: '0', DATABASE_URL: url });
    await gateway.ready;
    gateway.child.kill('SIGTERM');
    const { stdout } = await gateway.ended;
    const said = stdout.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line).msg] : []));
    const begins = said.indexOf('the tables are brought up to date; nothing is answered before that is done');
    if (url === fresh.url) expect(begins).toBe(-1);
    else expect(said.indexOf('the tables are up to date')).toBeGreaterThan(begins);
    if (url === upgraded.url) expect(said.indexOf('qunfa is ready')).toBeGreaterThan(begins);
  }
  expect(await partsOf(upgraded.url)).toEqual(await partsOf(fresh.url));
});
