import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { TestDatabase } from './database.ts';

/** The server of a test run, and what the names of its databases begin with. */
export interface RunningPostgres {
  url: string;
  prefix: string;
}

/** Those that no test has any more. Making one takes Postgres far longer than emptying one. */
const idle: TestDatabase[] = [];

export async function borrowPostgresDatabase({ url, prefix }: RunningPostgres): Promise<TestDatabase> {
  const database = idle.pop() ?? (await createPostgresDatabase(url, prefix));
  return {
    url: database.url,
    async drop() {
      await run(database.url, CUT_OFF, EMPTY, 'discard all');
      idle.push(database);
    },
  };
}

/** What a killed process left connected. Each is waited for, in milliseconds: it keeps its locks until it is really gone, and the next test wants them. */
const CUT_OFF =
  'select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()';

/** Only tables with rows: truncating an empty one takes as long. The calendar is part of the migrations. Past the triggers that let nobody empty the audit trail. */
const EMPTY = `do $$ declare name text; filled text[]; has_rows boolean; begin
  for name in select format('%I', tablename) from pg_tables where schemaname = 'public' and tablename <> 'calendar_days' loop
    execute 'select exists (select from ' || name || ')' into has_rows;
    if has_rows then filled := filled || name; end if;
  end loop;
  if filled is not null then
    perform set_config('session_replication_role', 'replica', true);
    execute 'truncate ' || array_to_string(filled, ', ') || ' restart identity cascade';
  end if;
end $$`;

export async function createPostgresDatabase(server: string, prefix = 'qunfa_'): Promise<TestDatabase> {
  const name = `${prefix}${randomBytes(8).toString('hex')}`;
  await run(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => run(server, `drop database ${name} with (force)`) };
}

/** The same database, for somebody of its own who has this password. */
export async function withPassword(url: string, password: string): Promise<TestDatabase> {
  const role = `qunfa_${randomBytes(8).toString('hex')}`;
  await run(url, `create role ${role} superuser login password '${password}'`);
  const own = Object.assign(new URL(url), { username: role, password });
  return {
    url: own.href,
    drop: () => run(url, CUT_OFF, `reassign owned by ${role} to current_user`, `drop role ${role}`),
  };
}

/** Those that were borrowed: which test is the last to borrow one, only the end of the run tells. */
export async function dropPostgresDatabases({ url, prefix }: RunningPostgres): Promise<void> {
  const named = `select datname from pg_database where starts_with(datname, '${prefix}')`;
  for (const { datname } of await queryPostgres(url, named)) {
    await run(url, `drop database ${datname} with (force)`);
  }
}

async function run(url: string, ...statements: string[]): Promise<void> {
  for (const statement of statements) await queryPostgres(url, statement);
}

/** One connection to each database, and kept: Postgres takes longer for a new one than for nearly all that is asked. */
const pools = new Map<string, pg.Pool>();

/** Runs a statement past the gateway and gives its rows. */
export async function queryPostgres(url: string, statement: string): Promise<Record<string, any>[]> {
  const pool = pools.get(url) ?? openPool(url);
  pools.set(url, pool);
  return (await pool.query(statement)).rows;
}

function openPool(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 1, idleTimeoutMillis: 0, allowExitOnIdle: true });
  // It breaks where its database is dropped, or a test takes everybody's away; the next statement gets another.
  pool.on('error', () => {});
  pool.on('connect', (client) => void client.on('error', () => {}));
  return pool;
}
