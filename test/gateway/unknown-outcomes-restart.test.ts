import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/sandbox/faults.ts';
import { send, textToTag } from '../kit/actions.ts';
import { untilCampaign } from '../kit/campaigns.ts';
import { nextRequest, requestsTo, SENDALL } from '../kit/endpoints.ts';
import { createWorld, HURRIED } from '../kit/world.ts';

const MINUTE = 60_000;
const isAccepted = ({ status }: { status: string }) => status === 'SENDING' || status === 'SENT';

describe('a gateway that is stopped while WeChat gives no answer', () => {
  it.each<Fault>([{ hang: 'before' }, { hang: 'after' }])('sends once in the end: %o', async (fault) => {
    await using world = await createWorld({ env: HURRIED });
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

it('waits twelve seconds for a call that hangs when it stops, and then takes its outcome for unknown', async () => {
  await using world = await createWorld({ env: { WECHAT_TIMEOUT_MS: '60000' } });
  world.sandbox.script(SENDALL, { hang: 'after' });
  const called = nextRequest(world, SENDALL);
  const waiting = world.clock.waitForTimer(10_000);
  const answer = send(world, textToTag('hanging'));
  await Promise.all([called, waiting]);
  let isDown = false;
  const restarted = world.restart().then(() => {
    isDown = true;
  });
  await world.clock.advance(10_000);
  const { campaign } = await answer;
  expect(campaign.status).toBe('SUBMITTING');
  await world.clock.advance(1_999);
  expect(isDown).toBe(false);
  await world.clock.advance(1);
  await restarted;
  await untilCampaign(world, campaign.id, ({ status }) => status === 'UNKNOWN');
  await world.clock.advance(MINUTE);
  const [sent] = world.sandbox.sends(world.appId);
  await untilCampaign(world, campaign.id, ({ msgId }) => msgId === sent?.msgId);
  expect(world.sandbox.sends(world.appId)).toHaveLength(1);
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
