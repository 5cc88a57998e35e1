import { describe, expect, it } from 'vitest';
import { silentLog } from '../../src/log.ts';
import type { Fault } from '../../src/sandbox/faults.ts';
import { startGateway } from '../../src/server.ts';
import { send, textToTag } from '../kit/actions.ts';
import { listCampaigns, readCampaign, untilCampaign, untilStatus } from '../kit/campaigns.ts';
import { nextRequest, requestsTo, SENDALL } from '../kit/endpoints.ts';
import { createWorld } from '../kit/world.ts';

const MINUTE = 60_000;
const isAccepted = ({ status }: { status: string }) => status === 'SENDING' || status === 'SENT';

describe('a gateway that is stopped while WeChat gives no answer', () => {
  it.each<Fault>([{ hang: 'before' }, { hang: 'after' }])('sends once in the end: %o', async (fault) => {
    await using world = await createWorld();
    world.sandbox.script(SENDALL, fault);
    const called = nextRequest(world, SENDALL);
    const answer = send(world, textToTag('hanging'));
    await called;
    await world.restart();
    const { campaign } = await answer;
    expect(campaign.status).toBe('UNKNOWN');
    await world.clock.waitForTimer(MINUTE);
    await world.clock.advance(MINUTE);
    const sent = await untilCampaign(world, campaign.id, isAccepted);
    expect(world.sandbox.sends(world.appId).map(({ msgId }) => msgId)).toEqual([sent.msgId]);
    const [first, second, ...more] = requestsTo(world, SENDALL);
    expect(second?.body).toBe(first?.body);
    expect(more).toEqual([]);
    expect(await send(world, textToTag('hanging'))).toMatchObject({ replayed: true });
  });
});

it.each<[string, Fault]>([
  ['an unknown outcome', { drop: 'after' }],
  ['a send that was put off', { errcode: 42010 }],
])('goes on with %s after restarts, and sends once', async (_, fault) => {
  await using world = await createWorld();
  world.sandbox.script(SENDALL, fault);
  const { campaign } = await send(world, textToTag('kept'));
  await world.restart();
  await world.restart();
  await world.clock.waitForTimer(MINUTE);
  await world.clock.advance(MINUTE - 1);
  expect(requestsTo(world, SENDALL)).toHaveLength(1);
  await world.clock.advance(1);
  const sent = await untilCampaign(world, campaign.id, isAccepted);
  expect(world.sandbox.sends(world.appId).map(({ msgId }) => msgId)).toEqual([sent.msgId]);
  expect(requestsTo(world, SENDALL)).toHaveLength(2);
});

describe('a gateway that dies during a call', () => {
  /** Longer than the lease by far, so that the first gateway never gives up: to the second one it is as good as dead. */
  const dying = { env: { WECHAT_TIMEOUT_MS: '20000' } };
  const LEASE = 25_000;

  it('leaves an unknown outcome to the next one, which asks again a minute after that call', async () => {
    await using world = await createWorld(dying);
    const gate = Promise.withResolvers<void>();
    world.sandbox.script(SENDALL, { gate: gate.promise, when: 'before' });
    const called = nextRequest(world, SENDALL);
    const answer = send(world, textToTag('orphan'));
    await called;
    const [campaign] = await listCampaigns(world);
    const id = campaign?.id ?? '';
    await using _next = await startGateway({ config: world.config, clock: world.clock, log: silentLog });
    await world.clock.waitForTimer(LEASE);
    await world.clock.advance(LEASE);
    await answer;
    await world.clock.waitForTimer(MINUTE - LEASE);
    expect(await readCampaign(world, id)).toMatchObject({
      status: 'UNKNOWN',
      failure: { code: null, reason: expect.stringContaining('stopped'), retryable: true },
    });
    // WeChat still works on the first call, and says so.
    const repeated = nextRequest(world, SENDALL);
    await world.clock.advance(MINUTE - LEASE);
    await repeated;
    await world.clock.waitForTimer(MINUTE);
    expect(await readCampaign(world, id)).toMatchObject({ status: 'UNKNOWN', failure: { code: 45066 } });
    // The news that it was accepted is a fact, however late.
    gate.resolve();
    const sent = await untilStatus(world, id, 'SENDING');
    expect(sent.failure).toBeNull();
    expect(world.sandbox.sends(world.appId).map(({ msgId }) => msgId)).toEqual([sent.msgId]);
    await world.clock.advance(MINUTE);
    expect(requestsTo(world, SENDALL)).toHaveLength(2);
  });

  it('has its call left alone by the next one for as long as the lease holds', async () => {
    await using world = await createWorld(dying);
    const gate = Promise.withResolvers<void>();
    world.sandbox.script(SENDALL, { gate: gate.promise, when: 'after' });
    const called = nextRequest(world, SENDALL);
    const answer = send(world, textToTag('held'));
    await called;
    await using _next = await startGateway({ config: world.config, clock: world.clock, log: silentLog });
    await world.clock.waitForTimer(LEASE);
    await world.clock.advance(LEASE - 1);
    await answer;
    expect((await listCampaigns(world))[0]?.status).toBe('SUBMITTING');
    gate.resolve();
    const [campaign] = await listCampaigns(world);
    await untilCampaign(world, campaign?.id ?? '', isAccepted);
    await world.clock.advance(10 * MINUTE);
    expect(requestsTo(world, SENDALL)).toHaveLength(1);
  });
});
