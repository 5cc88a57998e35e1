import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/sandbox/faults.ts';
import { PUSHED_WITHIN_MS, send, textToTag } from '../kit/actions.ts';
import { readCampaign, untilStatus } from '../kit/campaigns.ts';
import { nextRequest, requestsTo, SENDALL } from '../kit/endpoints.ts';
import { firstEvents, namesOf } from '../kit/event-reading.ts';
import { createWorld, HURRIED, type World } from '../kit/world.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;

const beforeItTookEffect: [string, Fault][] = [
  ['the code -1', { errcode: -1 }],
  ['the code 45066', { errcode: 45066 }],
  ['a connection that breaks', { drop: 'before' }],
  ['no answer', { hang: 'before' }],
  ['an HTML page with status 200', { html: 200 }],
  ['an HTML page with status 412', { html: 412 }],
  ['an HTML page with status 502', { html: 502 }],
  ['garbage', { body: 'ok' }],
  ['an empty answer', { body: '' }],
  ['a JSON list', { body: '[{"errcode":0}]' }],
  ['JSON that is cut off', { body: '{"errcode":0,"msg_id":10000' }],
  ['a success without msg_id', { body: '{"errcode":0,"errmsg":"send job submission success"}' }],
];

const afterItTookEffect: [string, Fault][] = [
  ['a connection that breaks', { drop: 'after' }],
  ['no answer', { hang: 'after' }],
  ['an HTML page with status 200', { html: 200, when: 'after' }],
  ['an HTML page with status 502', { html: 502, when: 'after' }],
  ['garbage', { body: '{"errcode":0', when: 'after' }],
];

/** Waits for a timer of so long, lets it end, and waits for the send that comes then. */
async function repeatAfter(world: World, pause: number): Promise<void> {
  await world.clock.waitForTimer(pause);
  const repeated = nextRequest(world, SENDALL);
  await world.clock.advance(pause);
  await repeated;
}

describe('a first call that had no effect and ends in', () => {
  it.each(beforeItTookEffect)('%s is repeated, the same to the byte, and sent once', async (_, fault) => {
    await using world = await createWorld({ env: HURRIED });
    world.sandbox.script(SENDALL, fault);
    const { __typename, campaign } = await send(world, textToTag('once'));
    expect({ __typename, status: campaign.status }).toEqual({
      __typename: 'MassSendSuccess',
      status: 'UNKNOWN',
    });
    expect((await readCampaign(world, campaign.id)).failure).toMatchObject({ retryable: true });
    await world.clock.waitForTimer(MINUTE);
    await world.clock.advance(MINUTE - 1);
    expect(requestsTo(world, SENDALL)).toHaveLength(1);
    const repeated = nextRequest(world, SENDALL);
    await world.clock.advance(1);
    await repeated;
    const sent = await untilStatus(world, campaign.id, 'SENDING');
    const [first, second] = requestsTo(world, SENDALL);
    expect(second?.body).toBe(first?.body);
    const [only, ...more] = world.sandbox.sends(world.appId);
    expect(more).toEqual([]);
    expect(sent).toMatchObject({ msgId: only?.msgId, failure: null });
    expect(sent.jobs[0].clientMsgId).toBe(only?.clientmsgid);
  });
});

describe('a first call that took effect and ends in', () => {
  it.each(afterItTookEffect)('%s is found again by its clientmsgid and not sent twice', async (_, fault) => {
    await using world = await createWorld({ env: HURRIED });
    world.sandbox.script(SENDALL, fault);
    const { campaign } = await send(world, textToTag('once'));
    expect(campaign).toMatchObject({ status: 'UNKNOWN', msgId: null });
    await world.clock.waitForTimer(MINUTE);
    const pushed = world.sandbox.waitFor('push', ({ accepted }) => accepted);
    await world.clock.advance(PUSHED_WITHIN_MS);
    await pushed;
    await world.clock.advance(MINUTE - PUSHED_WITHIN_MS - 1);
    expect(await readCampaign(world, campaign.id)).toMatchObject({ status: 'UNKNOWN', counts: null });
    await world.clock.advance(1);
    const [only, ...more] = world.sandbox.sends(world.appId);
    expect(more).toEqual([]);
    expect(await untilStatus(world, campaign.id, 'SENT')).toMatchObject({
      msgId: only?.msgId,
      counts: { total: 2450, sent: 2400 },
      failure: null,
    });
    const [first, second] = requestsTo(world, SENDALL);
    expect(second?.body).toBe(first?.body);
    expect(world.sandbox.sends(world.appId)).toHaveLength(1);
  });
});

it('repeats a minute apart for as long as the outcome stays unknown', async () => {
  await using world = await createWorld({ env: HURRIED });
  world.sandbox.script(SENDALL, { drop: 'before' }, { errcode: 45066 }, { hang: 'before' }, { errcode: -1 });
  const { campaign } = await send(world, textToTag('again'));
  for (let call = 1; call <= 4; call++) {
    await world.clock.waitForTimer(MINUTE);
    await world.clock.advance(MINUTE);
  }
  await untilStatus(world, campaign.id, 'SENDING');
  const calls = requestsTo(world, SENDALL);
  const start = calls[0]?.at.getTime() ?? 0;
  expect(calls.map(({ at }) => at.getTime() - start)).toEqual([0, 1, 2, 3, 4].map((n) => n * MINUTE));
  expect(new Set(calls.map(({ body }) => body)).size).toBe(1);
  expect(world.sandbox.sends(world.appId)).toHaveLength(1);
});

it('asks a minute after an answer is lost, however often the send was put off before', async () => {
  await using world = await createWorld();
  world.sandbox.script(SENDALL, ...Array<Fault>(20).fill({ errcode: 42010 }), { drop: 'before' });
  const { campaign } = await send(world, textToTag('put off'));
  for (let call = 1; call <= 21; call++) {
    await repeatAfter(world, MINUTE);
  }
  await untilStatus(world, campaign.id, 'SENDING');
  expect(world.sandbox.sends(world.appId)).toHaveLength(1);
});

it('leaves other sends their calls of the day while an outage lasts', async () => {
  await using world = await createWorld();
  world.sandbox.script(SENDALL, ...Array<Fault>(17).fill({ errcode: -1 }));
  const { campaign } = await send(world, textToTag('outage'));
  const calls = () => requestsTo(world, SENDALL);
  const untilNextCall = async (pause: number) => {
    const asked = calls().length;
    await repeatAfter(world, pause);
    expect(calls()).toHaveLength(asked + 1);
  };
  for (let call = 1; call < 15; call++) await untilNextCall(MINUTE);
  for (let call = 15; call <= 17; call++) await untilNextCall(HOUR / 2);
  await untilStatus(world, campaign.id, 'SENDING');
});

it('tells when the reason of an unknown outcome becomes another, and not that it stays the same', async () => {
  await using world = await createWorld();
  world.sandbox.script(SENDALL, { drop: 'before' }, { drop: 'before' }, { errcode: -1 });
  const { campaign } = await send(world, textToTag('reasons'));
  for (let call = 1; call <= 3; call++) {
    await world.clock.waitForTimer(MINUTE);
    await world.clock.advance(MINUTE);
  }
  const events = await firstEvents(world, 5, campaign.id);
  expect(namesOf(events)).toEqual(['PENDING', 'SUBMITTING', 'UNKNOWN', 'UNKNOWN', 'SENDING']);
});

it('never repeats once 24 hours have passed since the first call, not after a restart either', async () => {
  await using world = await createWorld({ env: { RETRY_PAUSE_MS: String(HOUR) } });
  world.sandbox.script(SENDALL, ...Array<Fault>(40).fill({ drop: 'before' }));
  const { campaign } = await send(world, textToTag('lost'));
  for (let hour = 1; hour <= 23; hour++) {
    await repeatAfter(world, HOUR);
  }
  // A send that comes later is answered only once the call before it is over.
  expect(await send(world, textToTag('later'))).toMatchObject({ campaign: { status: 'UNKNOWN' } });
  const lost = () =>
    requestsTo(world, SENDALL).filter(({ body }) => body === requestsTo(world, SENDALL)[0]?.body);
  expect(lost()).toHaveLength(24);
  await world.clock.advance(47 * HOUR);
  await world.restart();
  await world.clock.advance(HOUR);
  await send(world, textToTag('latest'));
  expect(lost()).toHaveLength(24);
  expect(await readCampaign(world, campaign.id)).toMatchObject({ status: 'UNKNOWN', msgId: null });
});

it('says when WeChat is asked again, and that it is not any more', async () => {
  await using world = await createWorld();
  world.sandbox.script(SENDALL, ...Array<Fault>(100).fill({ errcode: -1 }));
  const { campaign } = await send(world, textToTag('k'));
  const query = 'query ($id: ID!) { campaign(id: $id) { jobs { status nextAttemptAt } } }';
  const jobs = async () => (await world.query<any>(query, { id: campaign.id })).campaign.jobs;
  const inAMinute = new Date(world.clock.now().getTime() + MINUTE).toISOString();
  expect(await jobs()).toEqual([{ status: 'UNKNOWN', nextAttemptAt: inAMinute }]);
  await world.clock.advance(25 * HOUR);
  await world.restart();
  await expect.poll(jobs).toEqual([{ status: 'UNKNOWN', nextAttemptAt: null }]);
});

it('does not make up for a repetition that the clock has left behind by a day', async () => {
  await using world = await createWorld({ env: { WECHAT_TIMEOUT_MS: '20000' } });
  const gate = Promise.withResolvers<void>();
  world.sandbox.script(SENDALL, { errcode: -1 }, { gate: gate.promise, when: 'after' });
  const { campaign } = await send(world, textToTag('unknown'));
  const called = nextRequest(world, SENDALL);
  const waiting = world.clock.waitForTimer(10_000);
  const other = send(world, textToTag('slow'));
  await Promise.all([called, waiting]);
  await world.clock.advance(10_000);
  await other;
  await world.clock.advance(24 * HOUR);
  gate.resolve();
  await send(world, textToTag('next'));
  expect(requestsTo(world, SENDALL)).toHaveLength(3);
  expect((await readCampaign(world, campaign.id)).status).toBe('UNKNOWN');
});
