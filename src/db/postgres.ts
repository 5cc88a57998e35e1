import { setTimeout } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import {
  createCommitSignal,
  type Database,
  DatabaseInUseError,
  type OnQuery,
  type Queries,
} from './database.ts';
import { createGroups } from './groups.ts';
import { lastMigration, migrationsFolder } from './last-migration.ts';
import * as postgresTables from './postgres-tables.ts';
import type { Preparable, Prepared } from './prepared.ts';
import type { Tables } from './tables.ts';

/** Any number will do, as long as every gateway on the database takes the same. */
export const WRITER_LOCK = 7_176_657;

/** Held by the one gateway that runs on the database, for as long as its connection lives. */
export const GATEWAY_LOCK = 7_176_658;

/** How often, and how far apart in milliseconds, the lock is asked for: Postgres needs a moment to see that a process has died. */
const LOCK_TRIES = { count: 30, pauseMs: 100 };

/** A gateway that closes meanwhile waits no longer than this for a server that is out of reach. */
const CONNECT_WITHIN_MS = 5_000;

export function openPostgres(url: string, onError: (error: Error) => void, onQuery?: OnQuery): Database {
  let lock: Lock | null = null;
  const pool = new pg.Pool({ connectionString: url, options: '-c timezone=UTC' });
  // Without a listener, a connection that breaks while it idles in the pool ends the process.
  pool.on('error', onError);
  // Nor does the pool listen to one that a transaction has taken out; its next statement fails for it.
  pool.on('connect', (client) => void client.on('error', () => {}));
  const db = drizzle(pool, {
    casing: 'snake_case',
    ...(onQuery ? { logger: { logQuery: onQuery } } : {}),
  });
  const newest = lastMigration('postgres');
  const { onCommit, committed } = createCommitSignal();
  const { atomically, settled } = createGroups({
    transaction: (work) =>
      db.transaction(async (tx) => {
        // One writer at a time, as on SQLite. A sequence gives ids before the commit, so without it an event could become
        // visible after a later one, and a subscriber whose cursor has passed it would never see it.
        await tx.execute(sql`select pg_advisory_xact_lock(${WRITER_LOCK})`);
        const steps = work(tx as unknown as Queries);
        let step = steps.next();
        while (!step.done) step = steps.next(await step.value);
        return step.value;
      }),
    committed,
  });

  return {
    read: db as unknown as Queries,
    tables: postgresTables as Tables,
    prepare<Row>({ columns, build }: Preparable<Row>): Prepared<Row> {
      // Without a name: a connection keeps what has one for as long as it lives. It reads all columns, wanted or not.
      const statement = (build(columns) as unknown as NamedStatement<Row>).prepare('');
      return (values) => statement.execute(values);
    },
    isAmong: (column, name) => sql`${column} = any(${sql.placeholder(name)})`,
    onCommit,
    atomically,
    migrate: () => migrate(db, { migrationsFolder: migrationsFolder('postgres') }),
    async isMigrated() {
      const { rows } = await pool.query('select max(created_at) as newest from drizzle.__drizzle_migrations');
      return Number(rows[0].newest) === newest;
    },
    async place() {
      // A database that was restored into has another oid, and another server another identifier.
      const { rows } = await pool.query(
        `select (select system_identifier from pg_control_system()) || '/' || oid as place
         from pg_database where datname = current_database()`,
      );
      return String(rows[0].place);
    },
    async own(onDoubt) {
      lock = await holdLock(url, onError, onDoubt);
      // A gateway on Postgres may run anywhere and keeps nothing where it runs.
      return null;
    },
    async close() {
      await settled();
      // It is over before its connections are, and what breaks one of them then is nothing to be told of.
      pool.off('error', onError).on('error', () => {});
      await pool.end();
      await lock?.release();
    },
  };
}

interface NamedStatement<Row> {
  prepare(name: string): { execute(values: object): Promise<Row[]> };
}

interface Lock {
  release(): Promise<void>;
}

/** Takes the lock of the gateway, and takes it again whenever its connection is lost: nobody else may start meanwhile. */
async function holdLock(url: string, onError: (error: Error) => void, onDoubt: () => void): Promise<Lock> {
  let isReleased = false;
  let client = await lockDatabase(url, onError);
  watch();

  function watch(): void {
    client.once('end', () => {
      if (!isReleased) void takeAgain();
    });
  }

  async function takeAgain(): Promise<void> {
    while (!isReleased) {
      try {
        const next = await lockDatabase(url, onError);
        if (isReleased) return await next.end();
        client = next;
        watch();
        return onDoubt();
      } catch (error) {
        onError(error as Error);
        // Who has the lock may still be the lost connection, as long as Postgres has not noticed.
        if (error instanceof DatabaseInUseError) onDoubt();
        await setTimeout(LOCK_TRIES.pauseMs);
      }
    }
  }

  return {
    async release() {
      isReleased = true;
      await client.end();
    },
  };
}

async function lockDatabase(url: string, onError: (error: Error) => void): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
  });
  client.on('error', onError);
  await client.connect();
  for (let tries = 0; tries < LOCK_TRIES.count; tries++) {
    const { rows } = await client.query('select pg_try_advisory_lock($1) as locked', [GATEWAY_LOCK]);
    if (rows[0].locked) return client;
    await setTimeout(LOCK_TRIES.pauseMs);
  }
  await client.end();
  throw new DatabaseInUseError('another gateway runs on this Postgres database');
}
