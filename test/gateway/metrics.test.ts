import { expect, it } from 'vitest';
import { QuotaKind } from '../../src/campaigns/quota.ts';
import { SendStatus } from '../../src/campaigns/status.ts';
import { endpoints } from '../../src/wechat/endpoints.ts';
import { ErrcodeClass } from '../../src/wechat/errcodes.ts';
import { preview, send, textToTag } from '../kit/actions.ts';
import { SENDALL } from '../kit/endpoints.ts';
import { readExposition, scrape, seriesOf } from '../kit/prometheus.ts';
import { postPush, resultXml, signed } from '../kit/pushes.ts';
import { runSql, takeTableAway } from '../kit/sql.ts';
import { until } from '../kit/until.ts';
import { createWorld, type World } from '../kit/world.ts';

/** Longer than the database is left alone between two scrapes. */
const later = (world: World) => world.clock.advance(5_001);

/** A bit of everything, names that clients and strangers chose included. */
async function useIt(world: World): Promise<void> {
  await send(world, textToTag('one'));
  world.sandbox.script(SENDALL, { errcode: 40003 });
  await send(world, textToTag('two'));
  await send(world, textToTag('one'));
  await preview(world, { to: { wxName: 'wx_somebody' }, message: { text: { content: 'hello' } } });
  await world.post({ query: 'query Hostile { accounts { appId } }', operationName: 'Hostile' });
  await world.post({ query: '{ nothing }' });
  await world.post({ query: '{ broken' });
  await postPush(world, signed(world, resultXml({ msgId: '7000000001' })));
  await postPush(world, signed(world, '<xml><Event><![CDATA[hostile]]></Event></xml>'));
  await postPush(world, signed(world, '<xml></xml>', { token: 'wrong' }));
  await postPush(world, signed(world, '<xml></xml>'), 'wxhostile');
  await using events = await world.subscribe<any>('SSE', 'subscription { events(after: "0") { id } }');
  await events.next();
}

const UNIT = /_(?:seconds|bytes|total|ratio)$/;
/** Counts of things that come and go, whose name says of what. */
const COUNTS = new Set([
  'qunfa_jobs',
  'qunfa_quota_remaining',
  'qunfa_subscribers',
  'qunfa_event_log_head',
  'qunfa_database_up',
  'qunfa_held',
]);

it('is read by Prometheus, and every name carries its unit', async () => {
  await using world = await createWorld();
  await useIt(world);
  const response = await fetch(`${world.url}/metrics`);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const families = readExposition(await response.text());
  expect([...families.keys()].filter((name) => !UNIT.test(name) && !COUNTS.has(name))).toEqual([]);
  for (const [name, { type, help, samples }] of families) {
    expect(['counter', 'gauge', 'histogram'], name).toContain(type);
    expect(type === 'counter', name).toBe(name.endsWith('_total'));
    expect(help, name).toMatch(/\.$/);
    const series = samples.map((sample) => JSON.stringify([sample.name, Object.entries(sample.labels)]));
    expect(new Set(series).size, name).toBe(series.length);
  }
});

it('has labels from closed sets and of configured accounts only, whatever clients and strangers write', async () => {
  await using world = await createWorld();
  await useIt(world);
  const allowed: Record<string, readonly string[]> = {
    account: [world.appId],
    state: Object.values(SendStatus),
    transport: ['http', 'sse', 'websocket'],
    endpoint: Object.keys(endpoints),
    span: ['minute', 'day', 'month'],
    replayed: ['true', 'false'],
    outcome: [
      ...['ok', 'errors', 'refused', 'no_answer', 'other'],
      ...Object.values(ErrcodeClass).map((kind) => kind.toLowerCase()),
    ],
    reason: [
      ...['disabled', 'mode', 'account', 'method', 'size', 'replay', 'signature', 'app', 'doctype'],
      ...['unreadable', 'other'],
    ],
    kind: [
      ...['query', 'mutation', 'subscription', 'unread', ...Object.values(QuotaKind)],
      ...['result', 'other', 'repeat'],
    ],
  };
  const families = await scrape(world);
  const labels = [...families.values()].flatMap(({ samples }) =>
    samples.flatMap((sample) => Object.entries(sample.labels)),
  );
  expect(labels.filter(([name, value]) => name !== 'le' && !allowed[name]?.includes(value))).toEqual([]);
  expect(labels.length).toBeGreaterThan(50);
});

it('counts operations by transport, kind and outcome, also those that are refused', async () => {
  await using world = await createWorld();
  await useIt(world);
  await using socket = await world.subscribe<any>('WebSocket', 'subscription { events(after: "0") { id } }');
  await socket.next();
  // The gateway hears a moment later that the first one has gone.
  await until(() => world.subscribers() === 1);
  // As urql asks, which would take a stream as well.
  const accept = 'application/graphql-response+json, application/json, text/event-stream, multipart/mixed';
  await world.post({ query: '{ accounts { name } }' }, { accept });
  const families = await scrape(world);
  const count = (transport: string, kind: string, outcome: string) =>
    seriesOf(families, 'qunfa_graphql_request_duration_seconds_count', { transport, kind, outcome });
  expect(count('http', 'mutation', 'ok')).toBe(4);
  expect(count('http', 'query', 'ok')).toBe(2);
  expect(count('sse', 'query', 'ok')).toBeNull();
  expect(count('http', 'query', 'refused')).toBe(1);
  expect(count('http', 'unread', 'refused')).toBe(1);
  expect(count('sse', 'subscription', 'ok')).toBe(1);
  expect(count('websocket', 'subscription', 'ok')).toBe(1);
  expect(seriesOf(families, 'qunfa_subscribers')).toBe(1);
});

it('counts calls to WeChat, and sends that were taken in', async () => {
  await using world = await createWorld();
  await useIt(world);
  const families = await scrape(world);
  const calls = (endpoint: string, outcome: string) =>
    seriesOf(families, 'qunfa_wechat_call_duration_seconds_count', { endpoint, outcome });
  expect(calls('sendToFilter', 'ok')).toBe(1);
  expect(calls('sendToFilter', 'input')).toBe(1);
  expect(calls('preview', 'ok')).toBe(1);
  expect(seriesOf(families, 'qunfa_sends_taken_in_total', { replayed: 'false' })).toBe(2);
  expect(seriesOf(families, 'qunfa_sends_taken_in_total', { replayed: 'true' })).toBe(1);
});

it('counts pushes by kind and what is refused by reason, and measures how late results come', async () => {
  await using world = await createWorld();
  await useIt(world);
  const made = Math.floor(world.clock.now().getTime() / 1000) - 40;
  const xml = resultXml({ msgId: '7000000002' }).replace(/<CreateTime>\d+/, `<CreateTime>${made}`);
  await postPush(world, signed(world, xml));
  const families = await scrape(world);
  expect(seriesOf(families, 'qunfa_pushes_received_total', { kind: 'result' })).toBe(2);
  expect(seriesOf(families, 'qunfa_pushes_received_total', { kind: 'other' })).toBe(1);
  expect(seriesOf(families, 'qunfa_pushes_refused_total', { reason: 'signature' })).toBe(1);
  expect(seriesOf(families, 'qunfa_pushes_refused_total', { reason: 'account' })).toBe(1);
  const within = (le: string) => seriesOf(families, 'qunfa_callback_lag_seconds_bucket', { le });
  expect([within('30'), within('60'), within('+Inf')]).toEqual([0, 1, 2]);
});

it('tells the states of jobs, the oldest unknown outcome, quotas, the token and the head of the event log', async () => {
  await using world = await createWorld();
  const before = await scrape(world);
  expect(seriesOf(before, 'qunfa_access_token_age_seconds')).toBeNull();
  expect(seriesOf(before, 'qunfa_oldest_unknown_age_seconds')).toBe(0);
  await send(world, textToTag('one'));
  world.sandbox.script(SENDALL, { drop: 'before' }, { drop: 'before' });
  await send(world, textToTag('two'));
  await later(world);
  const families = await scrape(world);
  const jobs = (state: string) => seriesOf(families, 'qunfa_jobs', { state, account: world.appId });
  expect(jobs('UNKNOWN')).toBe(1);
  expect((jobs('SENDING') ?? 0) + (jobs('SENT') ?? 0)).toBe(1);
  expect(jobs('FAILED')).toBe(0);
  expect(seriesOf(families, 'qunfa_oldest_unknown_age_seconds')).toBeCloseTo(5, 0);
  expect(seriesOf(families, 'qunfa_access_token_age_seconds')).toBeCloseTo(5, 0);
  const left = (kind: string, span: string) => seriesOf(families, 'qunfa_quota_remaining', { kind, span });
  expect(left('SEND_CALLS_PER_DAY', 'day')).toBe(98);
  expect(left('SEND_CALLS_PER_MINUTE', 'minute')).toBe(58);
  expect(left('SENDS_TO_ALL', 'month')).toBe(4);
  expect(seriesOf(families, 'qunfa_event_log_head')).toBeGreaterThanOrEqual(5);
});

it('asks the database again only after five seconds, however often it is scraped', async () => {
  await using world = await createWorld();
  await send(world, textToTag('one'));
  await scrape(world);
  const reads = () => world.sql.filter((statement) => /from "jobs" group by/.test(statement)).length;
  expect(reads()).toBe(1);
  const before = world.sql.length;
  for (let round = 0; round < 50; round++) await scrape(world);
  // Not one for each: there may be a few by which the engine comes to its end after an answer.
  expect(world.sql.length - before).toBeLessThan(50);
  expect(reads()).toBe(1);
  await later(world);
  await Promise.all(Array.from({ length: 20 }, () => scrape(world)));
  expect(reads()).toBe(2);
});

it('answers while the database does not, says so, and keeps the last figures', async () => {
  await using world = await createWorld();
  await send(world, textToTag('one'));
  expect(seriesOf(await scrape(world), 'qunfa_database_up')).toBe(1);
  await using missing = await takeTableAway(world.config.databaseUrl, 'access_tokens');
  await later(world);
  const families = await scrape(world);
  expect(seriesOf(families, 'qunfa_database_up')).toBe(0);
  expect(seriesOf(families, 'qunfa_access_token_age_seconds')).not.toBeNull();
  await missing.putBack();
  expect(seriesOf(await scrape(world), 'qunfa_database_up')).toBe(1);
});

it('is read with GET only', async () => {
  await using world = await createWorld();
  const posted = await fetch(`${world.url}/metrics`, { method: 'POST' });
  expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});

it('tells of sends that wait although they are due, and of a gateway that is held', async () => {
  await using world = await createWorld();
  const scheduledAt = new Date(world.clock.now().getTime() + 86_400_000).toISOString();
  await send(world, textToTag('tomorrow', { scheduledAt }));
  const before = await scrape(world);
  expect(seriesOf(before, 'qunfa_oldest_waiting_age_seconds')).toBe(0);
  expect(seriesOf(before, 'qunfa_held')).toBe(0);
  await runSql(world.config.databaseUrl, "update instance set place = 'elsewhere'");
  await world.restart();
  await send(world, textToTag('now'));
  await world.clock.advance(600_000);
  const held = await scrape(world);
  expect(seriesOf(held, 'qunfa_oldest_waiting_age_seconds')).toBe(600);
  expect(seriesOf(held, 'qunfa_held')).toBe(1);
});
