import Sqlite from 'better-sqlite3';
import pg from 'pg';
import type { World } from './world.ts';

/** Runs one statement on the gateway's database, behind its back. */
export async function runSql({ config: { databaseUrl } }: World, statement: string): Promise<void> {
  if (databaseUrl.startsWith('file:')) {
    const file = new Sqlite(databaseUrl.slice('file:'.length));
    file.exec(statement);
    file.close();
    return;
  }
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(statement);
  await client.end();
}
