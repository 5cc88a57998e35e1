import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { createCommitSignal, type Database, type OnQuery, type Queries } from './database.ts';
import * as postgresTables from './postgres-tables.ts';
import type { Tables } from './tables.ts';

/** Any number will do, as long as every gateway on the database takes the same. */
const WRITER_LOCK = 7_176_657;

/** Connects and brings the tables up to date. */
export async function openPostgres(
  url: string,
  onError: (error: Error) => void,
  onQuery?: OnQuery,
): Promise<Database> {
  const pool = new pg.Pool({ connectionString: url, options: '-c timezone=UTC' });
  // Without a listener, a connection that breaks while it idles in the pool ends the process.
  pool.on('error', onError);
  const db = drizzle(pool, {
    casing: 'snake_case',
    ...(onQuery ? { logger: { logQuery: onQuery } } : {}),
  });
  await migrate(db, { migrationsFolder: join(import.meta.dirname, '../../drizzle/postgres') });
  const { onCommit, committed } = createCommitSignal();

  return {
    read: db as unknown as Queries,
    tables: postgresTables as Tables,
    onCommit,
    async atomically(work) {
      const result = await db.transaction(async (tx) => {
        // One writer at a time, as on SQLite. A sequence gives ids before the commit, so without it an event could become
        // visible after a later one, and a subscriber whose cursor has passed it would never see it.
        await tx.execute(sql`select pg_advisory_xact_lock(${WRITER_LOCK})`);
        const steps = work(tx as unknown as Queries);
        let step = steps.next();
        while (!step.done) step = steps.next(await step.value);
        return step.value;
      });
      committed();
      return result;
    },
    close: () => pool.end(),
  };
}
