import pg from 'pg';
import { expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { readConfig } from '../../src/config/config.ts';
import { biViews } from '../../src/db/bi-views.ts';
import { createViewReader } from '../../src/db/open.ts';
import { WRITER_LOCK } from '../../src/db/postgres.ts';
import { GATEWAY_LOCK } from '../../src/db/postgres-lock.ts';
import { silentLog } from '../../src/log.ts';
import { startGateway } from '../../src/server.ts';
import { send, textToTag } from '../kit/actions.ts';
import { createTestDatabase } from '../kit/database.ts';
import { requestsTo, SENDALL } from '../kit/endpoints.ts';
import { createFreezingProxy } from '../kit/freezing-proxy.ts';
import { startOnDatabase } from '../kit/gateway-process.ts';
import { runSql } from '../kit/sql.ts';
import { createWorld } from '../kit/world.ts';

const isFile = (url: string) => url.startsWith('file:');

/** Each is waited for, in milliseconds: it keeps its locks, and answers, until it is really gone. */
const ending = (statement: string) =>
  `select pid from pg_stat_activity
   where datname = current_database() and pid <> pg_backend_pid() and query like '${statement}'
   and pg_terminate_backend(pid, 10000)`;

/** Waits until a connection is at such a statement, and ends it. */
async function endConnection(url: string, statement: string): Promise<void> {
  for (let ended: object[] = []; ended.length === 0; ) ended = await runSql(url, ending(statement));
}

/** Ends connections that are at such a statement, again and again until something has come of it. */
async function endConnections(url: string, statement: string, outcome: Promise<unknown>): Promise<void> {
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  outcome.then(over, over);
  while (!isOver) {
    await runSql(url, ending(statement));
  }
  await outcome;
}

it('outlives the end of the connection of an export while nobody reads on', async () => {
  await using world = await createWorld();
  const url = world.config.databaseUrl;
  const calendar = biViews.find(({ name }) => name === 'bi_calendar')!;
  const batches = createViewReader(url).read(calendar, { from: null, to: null });
  expect((await batches.next()).value).toHaveLength(1_000);
  // A file has no connections that could end.
  if (isFile(url)) expect((await batches.next()).value).toHaveLength(1_000);
  else {
    await endConnection(url, 'fetch % from rows');
    await expect(Array.fromAsync(batches)).rejects.toThrow(/terminat|connection/i);
  }
  await batches.return();
  expect(await world.query('{ accounts { appId } }')).toBeTruthy();
});

it('keeps others off its database when the connection that does so is lost', async () => {
  await using world = await createWorld();
  const url = world.config.databaseUrl;
  const locks = 'select pg_try_advisory_lock%';
  if (!isFile(url)) {
    await endConnection(url, locks);
    const held = `select 1 from pg_stat_activity join pg_locks using (pid)
      where datname = current_database() and locktype = 'advisory' and granted and query like '${locks}'`;
    await expect.poll(() => runSql(url, held)).toHaveLength(1);
  }
  const other = startGateway({ config: world.config, clock: world.clock, log: silentLog });
  await expect(other).rejects.toThrow('another gateway runs');
  expect(await world.query('{ accounts { appId } }')).toBeTruthy();
});

it('leaves no connection behind when it closes while it takes a lost lock again', async () => {
  const { url, drop } = await createTestDatabase();
  const config = readConfig({ PORT: '0', DATABASE_URL: url });
  const gateway = await startGateway({ config, clock: systemClock, log: silentLog });
  if (!isFile(url)) {
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    const locked = other.query(`select pg_advisory_lock(${GATEWAY_LOCK})`);
    await endConnection(url, 'select pg_try_advisory_lock%');
    await locked;
    const asking = `select 1 from pg_stat_activity
      where datname = current_database() and query like 'select pg_try_advisory_lock%'`;
    await expect.poll(() => runSql(url, asking)).toHaveLength(1);
    await gateway.close();
    // Now it would get the lock.
    await other.end();
    const left =
      'select query from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()';
    await expect.poll(() => runSql(url, left)).toEqual([]);
  }
  await gateway.close();
  // It does not start where another still has the lock.
  await (await startGateway({ config, clock: systemClock, log: silentLog })).close();
  await drop();
});

/** What a gateway does to the database at its start. */
const TAKE_OVER = 'update instance set fence = fence + 1';

it('ends where another gateway has taken its database over while its connection was lost', async () => {
  await using gateway = await startOnDatabase();
  const { databaseUrl } = gateway;
  const { url } = await gateway.ready;
  if (isFile(databaseUrl)) {
    // There is no connection to lose: the lock is the process's own.
    expect(await (await fetch(`${url}/readyz`)).text()).toBe('ready');
    return;
  }
  const other = new pg.Client({ connectionString: databaseUrl });
  await other.connect();
  const locked = other.query(`select pg_advisory_lock(${GATEWAY_LOCK})`);
  await endConnection(databaseUrl, 'select pg_try_advisory_lock%');
  await locked;
  await other.query(TAKE_OVER);
  expect(await gateway.ended).toMatchObject({ code: 1, signal: null, stderr: '' });
  await other.end();
});

function massSend(address: string, key: string): Promise<Response> {
  const query = `mutation { massSend(input: {
    idempotencyKey: "${key}", audience: { tagId: 100 }, message: { text: { content: "hello" } }
  }) { ... on MassSendSuccess { campaign { status } } } }`;
  const headers = { 'content-type': 'application/json' };
  return fetch(`${address}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
}

/** A gateway whose engine has nothing more to do, and so does not look whose the database is. */
async function startIdle() {
  const gateway = await startOnDatabase();
  const { url } = await gateway.ready;
  const { data } = (await (await massSend(url, 'first')).json()) as any;
  expect(data.massSend.campaign.status).toBe('SENDING');
  return { ...gateway, url };
}

it('is not ready any more, and ends, where another gateway has its database without that a connection broke', async () => {
  await using gateway = await startIdle();
  await runSql(gateway.databaseUrl, TAKE_OVER);
  expect((await fetch(`${gateway.url}/readyz`)).status).toBe(503);
  const { code, stdout } = await gateway.ended;
  expect(code).toBe(1);
  expect(stdout).toContain('another gateway has taken the database over');
});

it('ends where it is asked for a send and finds that another gateway has its database', async () => {
  await using gateway = await startIdle();
  await runSql(gateway.databaseUrl, TAKE_OVER);
  // Answered or cut off: it is stored, for whoever has the database.
  await massSend(gateway.url, 'second').catch(() => {});
  expect(await gateway.ended).toMatchObject({ code: 1 });
  const second = `select j.status from jobs j join campaigns c on c.id = j.campaign_id where c.idempotency_key = 'second'`;
  expect(await runSql(gateway.databaseUrl, second)).toEqual([{ status: 'PENDING' }]);
});

it('gives up connections that go silent, loses none to them, and sends what is asked for afterwards', async () => {
  const { url, drop } = await createTestDatabase();
  {
    // A file has no connections.
    await using proxy = isFile(url) ? null : await createFreezingProxy(url);
    // In place of half a minute. A slow machine may miss it once, and is asked again.
    const env = { DATABASE_URL: proxy ? `${proxy.url}?query_timeout=200` : url };
    await using world = await createWorld({ env });
    const sent = (key: string) => send(world, textToTag(key)).catch(() => null);
    await expect.poll(() => sent('first')).toMatchObject({ __typename: 'MassSendSuccess' });
    // The pool has ten: one that is not given back each time would leave none.
    for (let times = 0; times < 12; times++) {
      proxy?.freeze();
      await world.post({ query: 'mutation { cancelCampaign(id: "cmp_none") { __typename } }' });
    }
    await expect.poll(async () => (await fetch(`${world.url}/readyz`)).status).toBe(200);
    await expect.poll(() => sent('last')).toMatchObject({ __typename: 'MassSendSuccess' });
    await expect.poll(() => requestsTo(world, SENDALL)).toHaveLength(2);
  }
  await drop();
});

it('outlives the end of the connection of a transaction, and takes the send in when it is asked again', async () => {
  await using world = await createWorld({ env: { WECHAT_TIMEOUT_MS: '20000' } });
  const url = world.config.databaseUrl;
  if (!isFile(url)) {
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    await other.query(`begin; select pg_advisory_xact_lock(${WRITER_LOCK})`);
    const lost = expect(send(world, textToTag('one'))).rejects.toThrow('INTERNAL_SERVER_ERROR');
    // What the engine does waits for the same lock, and may come first.
    await endConnections(url, 'select pg_advisory_xact_lock%', lost);
    await other.end();
  }
  expect(await send(world, textToTag('one'))).toMatchObject({ __typename: 'MassSendSuccess' });
  expect(requestsTo(world, SENDALL)).toHaveLength(1);
});
