import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { type Database, type OnQuery, oneByOne, type Queries, type Step } from './database.ts';
import { createGroups } from './groups.ts';
import { createTableStates, migrationsFolder } from './last-migration.ts';
import { connectionTo, patientConnectionTo } from './postgres-connection.ts';
import { holdLock, type Lock } from './postgres-lock.ts';
import * as postgresTables from './postgres-tables.ts';
import type { Preparable, Prepared } from './prepared.ts';
import type { Tables } from './tables.ts';

/** Any number will do, as long as every gateway on the database takes the same. */
export const WRITER_LOCK = 7_176_657;

const NO_SUCH_TABLE = '42P01';

/** For a connection that is free, as long as a query may take. */
const WAIT_FOR_PLACE_MS = 45_000;

export function openPostgres(url: string, onError: (error: Error) => void, onQuery?: OnQuery): Database {
  let lock: Lock | null = null;
  const pool = openPool({ ...connectionTo(url), connectionTimeoutMillis: WAIT_FOR_PLACE_MS }, onError);
  // Whoever writes waits for nobody who reads. One at a time, as on SQLite.
  const writer = openPool({ ...connectionTo(url), max: 1 }, onError);
  const settings = { casing: 'snake_case', ...(onQuery ? { logger: { logQuery: onQuery } } : {}) } as const;
  const db = drizzle(pool, settings);
  const stateOf = createTableStates('postgres');
  const { settled, ...groups } = createGroups(
    createTransaction(writer, (client) => drizzle(client, settings) as unknown as Queries),
  );

  return {
    read: db as unknown as Queries,
    tables: postgresTables as Tables,
    prepare<Row>({ columns, build }: Preparable<Row>): Prepared<Row> {
      // Without a name: a connection keeps what has one for as long as it lives. It reads all columns, wanted or not.
      const statement = (build(columns) as unknown as NamedStatement<Row>).prepare('');
      return (values) => statement.execute(values);
    },
    isAmong: (column, name) => sql`${column} = any(${sql.placeholder(name)})`,
    ...groups,
    async migrate() {
      const client = new pg.Client(patientConnectionTo(url));
      await client.connect();
      // Behind somebody's open transaction it would wait for ever, and all who read would wait behind it.
      await client.query("set lock_timeout = '30s'");
      await migrate(drizzle(client), { migrationsFolder: migrationsFolder('postgres') }).finally(() =>
        client.end(),
      );
    },
    async tableState() {
      const { rows } = await pool
        .query('select max(created_at) as newest from drizzle.__drizzle_migrations')
        .catch((error) => {
          if (error.code !== NO_SUCH_TABLE) throw error;
          return { rows: [{ newest: null }] };
        });
      const [{ newest }] = rows;
      return stateOf(newest === null ? null : Number(newest));
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
      for (const each of [pool, writer]) each.off('error', onError).on('error', () => {});
      await Promise.all([pool.end(), writer.end()]);
      await lock?.release();
    },
  };
}

function openPool(config: pg.PoolConfig, onError: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool(config);
  // Without a listener, a connection that breaks while it idles in the pool ends the process.
  pool.on('error', onError);
  // Nor does the pool listen to one that a transaction has taken out; its next statement fails for it.
  pool.on('connect', (client) => void client.on('error', () => {}));
  return pool;
}

/**
 * Runs a transaction on a connection of the pool. Drizzle's own never gives one back whose `begin` has failed, and gives back one whose
 * `rollback` has. Here one that anything went wrong on is closed, which takes back what it did.
 */
function createTransaction(pool: pg.Pool, queriesOn: (client: pg.PoolClient) => Queries) {
  const kept = new WeakMap<pg.PoolClient, Queries>();
  return async <T>(work: (tx: Queries) => Step<T>): Promise<T> => {
    const client = await pool.connect();
    let isWhole = false;
    try {
      const queries = kept.get(client) ?? queriesOn(client);
      kept.set(client, queries);
      await client.query('begin');
      // One writer at a time, as on SQLite. A sequence gives ids before the commit, so without it an event could become
      // visible after a later one, and a subscriber whose cursor has passed it would never see it.
      await client.query('select pg_advisory_xact_lock($1)', [WRITER_LOCK]);
      const result = await oneByOne(work(queries));
      await client.query('commit');
      isWhole = true;
      return result;
    } finally {
      client.release(!isWhole);
    }
  };
}

interface NamedStatement<Row> {
  prepare(name: string): { execute(values: object): Promise<Row[]> };
}
