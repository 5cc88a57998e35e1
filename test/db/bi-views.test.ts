import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Sqlite from 'better-sqlite3';
import { drizzle as drizzleSqlite } from 'drizzle-orm/better-sqlite3';
import { migrate as migrateSqlite } from 'drizzle-orm/better-sqlite3/migrator';
import { drizzle as drizzlePostgres } from 'drizzle-orm/node-postgres';
import { migrate as migratePostgres } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dialect } from '../../src/db/bi-columns.ts';
import { missingBiStatements } from '../../src/db/bi-sql.ts';
import { biViews } from '../../src/db/bi-views.ts';
import { stateSet } from '../../src/db/copyright-states.ts';
import { createSqliteDatabase, migrate, type TestDatabase } from '../kit/database.ts';
import { documentedBlocks } from '../kit/documented.ts';
import { type Postgres, startPostgres } from '../kit/postgres.ts';
import { createPostgresDatabase } from '../kit/postgres-databases.ts';
import { runSql } from '../kit/sql.ts';
import { readView } from '../kit/views.ts';
import { promisedViews } from './promised-views.ts';

let server: Postgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const databases: Record<Dialect, () => Promise<TestDatabase>> = {
  sqlite: async () => createSqliteDatabase(),
  postgres: () => createPostgresDatabase(server.url),
};

const POSTGRES_COLUMNS = `
  select c.relname as view, a.attname as name, format_type(a.atttypid, a.atttypmod) as type
  from pg_attribute a join pg_class c on c.oid = a.attrelid
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'v' and a.attnum > 0 order by a.attnum`;
const SQLITE_COLUMNS = `
  select v.name as view, c.name, c.type from sqlite_master v join pragma_table_info(v.name) c
  where v.type = 'view' order by c.cid`;

const columnQueries: Record<Dialect, string> = { sqlite: SQLITE_COLUMNS, postgres: POSTGRES_COLUMNS };

async function describeViews(url: string, dialect: Dialect): Promise<Record<string, string[]>> {
  const columns = await runSql(url, columnQueries[dialect]);
  const views = Map.groupBy(columns, ({ view }) => view as string);
  return Object.fromEntries(
    [...views].map(([view, of]) => [view, of.map(({ name, type }) => `${name} ${type}`)]),
  );
}

/** The promised types of one database. */
const promisedOn = (dialect: Dialect): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(promisedViews).map(([view, lines]) => [
      view,
      lines.map((line) => {
        const [, name, sqlite, postgres] = /^(\S+) (.+) \| (.+)$/.exec(line) ?? [];
        return `${name} ${dialect === 'sqlite' ? sqlite : postgres}`;
      }),
    ]),
  );

/** Brings a database to where the first release left it. */
async function migrateToFirst(url: string, dialect: Dialect): Promise<void> {
  const source = resolve(import.meta.dirname, '../../drizzle', dialect);
  const migrationsFolder = mkdtempSync(join(tmpdir(), 'qunfa-migrations-'));
  const journal = JSON.parse(readFileSync(join(source, 'meta/_journal.json'), 'utf8'));
  mkdirSync(join(migrationsFolder, 'meta'));
  cpSync(join(source, '0000_first.sql'), join(migrationsFolder, '0000_first.sql'));
  writeFileSync(
    join(migrationsFolder, 'meta/_journal.json'),
    JSON.stringify({ ...journal, entries: journal.entries.slice(0, 1) }),
  );
  if (dialect === 'sqlite') {
    const file = new Sqlite(url.slice('file:'.length));
    migrateSqlite(drizzleSqlite(file), { migrationsFolder });
    file.close();
  } else {
    const db = drizzlePostgres(url);
    // It is over before its connections are, and its database is dropped.
    db.$client.on('error', () => {});
    await migratePostgres(db, { migrationsFolder });
    await db.$client.end();
  }
  rmSync(migrationsFolder, { recursive: true });
}

/** A campaign to two lists of which one has its result, and an event. */
const FIRST_ROWS = [
  `insert into campaigns (id, app_id, idempotency_key, fingerprint, message_type, audience_kind, send_ignore_reprint, status, created_at)
   values ('cmp_1', 'wx1', 'one', 'one', 'MPNEWS', 'OPEN_IDS', 'false', 'SENDING', '2025-12-31 16:00:00.000')`,
  ...[0, 1].map(
    (
      index,
    ) => `insert into jobs (id, campaign_id, app_id, "index", client_msg_id, to_all, status, failure, sent_count, attempts, fence, polls, counts_at)
     values ('job_${index}', 'cmp_1', 'wx1', ${index}, 'client_${index}', 'false', 'SENT',
       ${index === 0 ? 'null' : `'{"code":45028,"reason":"used up","rawStatus":null,"retryable":true}'`},
       ${index === 0 ? 'null' : 20}, 1, 1, 0, '2025-12-31 16:00:00.000')`,
  ),
  `insert into events (at, type, app_id, msg_id, raw_status, counts)
   values ('2025-12-31 15:59:59.999', 'MassSendJobFinished', 'wx1', '1', 'send success', '{"total":4,"eligible":3,"sent":2,"failed":1}')`,
];

describe.each(['sqlite', 'postgres'] as const)('the views on %s', (dialect) => {
  it('have the promised columns, in the promised order, with the promised types', async () => {
    const database = await databases[dialect]();
    await migrate(database.url);
    expect(await describeViews(database.url, dialect)).toEqual(promisedOn(dialect));
    await database.drop();
  });

  it('have every Beijing day of twenty years, with its ISO week', async () => {
    const database = await databases[dialect]();
    await migrate(database.url);
    const days = await readView(database.url, 'bi_calendar');
    expect(days).toHaveLength(7305);
    expect([days[0], days.at(-1)]).toEqual([
      { date_cn: '2020-01-01', year: 2020, month: '2020-01', iso_week: '2020-W01', weekday: 3 },
      { date_cn: '2039-12-31', year: 2039, month: '2039-12', iso_week: '2039-W52', weekday: 6 },
    ]);
    const [sunday] = days.filter(({ date_cn }) => date_cn === '2021-01-03');
    expect(sunday).toEqual({
      date_cn: '2021-01-03',
      year: 2021,
      month: '2021-01',
      iso_week: '2020-W53',
      weekday: 7,
    });
    await database.drop();
  });

  it('tell of rows that were written before there were views', async () => {
    const database = await databases[dialect]();
    await migrateToFirst(database.url, dialect);
    for (const statement of FIRST_ROWS) {
      const booleans = dialect === 'sqlite' ? statement.replaceAll(`'false'`, '0') : statement;
      await runSql(database.url, booleans);
    }
    await migrate(database.url);
    expect(await readView(database.url, 'bi_campaigns')).toMatchObject([
      {
        campaign_id: 'cmp_1',
        created_at: '2025-12-31 16:00:00.000',
        created_date_cn: '2026-01-01',
        total_count: null,
        sent_count: 20,
      },
    ]);
    expect(await readView(database.url, 'bi_jobs', 'job_index')).toMatchObject([
      { job_index: 0, failure_code: null, failure_reason: null, failure_retryable: null, sent_count: null },
      { job_index: 1, failure_code: 45028, failure_reason: 'used up', failure_retryable: true },
    ]);
    expect(await readView(database.url, 'bi_events')).toMatchObject([
      { at_date_cn: '2025-12-31', total_count: 4, eligible_count: 3, sent_count: 2, failed_count: 1 },
    ]);
    await database.drop();
  });
});

it.each(['sqlite', 'postgres'] as const)(
  'on %s, campaigns of before know the copyright states that their jobs were found to be in',
  async (dialect) => {
    const database = await databases[dialect]();
    await migrateToFirst(database.url, dialect);
    const at = dialect === 'sqlite' ? `'2025-12-31 16:00:00.000'` : `timestamptz '2025-12-31 16:00:00Z'`;
    const statesOf = { cmp_2: [null], cmp_3: ['REPRINT_FORBIDDEN', null, 'NOT_REPRINT', 'NOT_REPRINT'] };
    for (const [id, states] of Object.entries(statesOf)) {
      await runSql(
        database.url,
        `insert into campaigns (id, app_id, idempotency_key, fingerprint, message_type, audience_kind, send_ignore_reprint, status, created_at)
         select '${id}', 'wx1', '${id}', 'one', 'MPNEWS', 'OPEN_IDS', 1 = 0, 'SENT', ${at}`,
      );
      for (const [index, state] of states.entries())
        await runSql(
          database.url,
          `insert into jobs (id, campaign_id, app_id, "index", client_msg_id, to_all, status, copyright_state, attempts, fence, polls, counts_at)
           select 'job_${id}_${index}', '${id}', 'wx1', ${index}, 'client_${id}_${index}', 1 = 0, 'SENT', ${state && `'${state}'`}, 1, 1, 0, ${at}`,
        );
    }
    await migrate(database.url);
    expect(await runSql(database.url, 'select id, copyright_states from campaigns order by id')).toEqual([
      { id: 'cmp_2', copyright_states: null },
      { id: 'cmp_3', copyright_states: stateSet(['REPRINT_FORBIDDEN', 'NOT_REPRINT']) },
    ]);
    await database.drop();
  },
);

it('gives a role of Postgres that reports use the views, and no table', async () => {
  const database = await createPostgresDatabase(server.url);
  await migrate(database.url);
  const [grants] = documentedBlocks('postgresql');
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  // Roles belong to the server: this one goes away with the transaction.
  await client.query('begin');
  await client.query(grants!);
  await client.query('set local role qunfa_reports');
  for (const { name } of biViews) await client.query(`select * from ${name} limit 1`);
  await expect(client.query('select * from job_requests')).rejects.toThrow('permission denied');
  await client.end();
  await database.drop();
});

it('computes nothing in a view', () => {
  const sources = biViews.flatMap(({ columns }) => columns.map(({ source }) => source));
  expect(sources.filter((source) => !/^\w+\.(?:\w+|"\w+")$/.test(source))).toEqual([]);
});

describe('what the migrations lack', () => {
  it.each(['sqlite', 'postgres'] as const)('is everything at first, and nothing after it (%s)', (dialect) => {
    const all = missingBiStatements(dialect, []);
    expect(all.filter((statement) => /VIEW bi_/.test(statement))).toHaveLength(biViews.length);
    expect(missingBiStatements(dialect, all)).toEqual([]);
  });

  it('is a view that has changed, which Postgres does not drop: what was granted on it would go with it', () => {
    const changed = (dialect: Dialect) => {
      const all = missingBiStatements(dialect, []);
      const older = all.map((statement) => statement.replace(',\n  d.weekday AS weekday', ''));
      return missingBiStatements(dialect, older).map((statement) => statement.split(' AS')[0]);
    };
    expect(changed('sqlite')).toEqual(['DROP VIEW bi_calendar', 'CREATE VIEW bi_calendar']);
    expect(changed('postgres')).toEqual(['CREATE OR REPLACE VIEW bi_calendar']);
  });

  it('is a column that is computed in another way', () => {
    const all = missingBiStatements('postgres', []);
    const older = all.map((statement) => statement.replace(`"at" at time zone 'Asia/Shanghai'`, '"at"'));
    expect(missingBiStatements('postgres', older)).toEqual([
      expect.stringMatching(/^ALTER TABLE events ADD COLUMN "at_date_cn" date GENERATED [^,]*$/),
    ]);
  });
});
