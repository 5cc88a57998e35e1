import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/sandbox/faults.ts';
import { send, textToTag } from '../kit/actions.ts';
import { readCampaign, untilStatus } from '../kit/campaigns.ts';
import { requestsTo, SENDALL } from '../kit/endpoints.ts';
import { oneWorld } from '../kit/one-world.ts';
import { createWorld, type World } from '../kit/world.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;
const inTime = (world: World, milliseconds: number) =>
  new Date(world.clock.now().getTime() + milliseconds).toISOString();

it('does not let a scheduled send leave before its time, and answers PENDING at once', async () => {
  await using world = await createWorld();
  const scheduledAt = inTime(world, HOUR);
  const { campaign } = await send(world, textToTag('later', { scheduledAt }));
  expect(campaign.status).toBe('PENDING');
  await world.clock.waitForTimer(HOUR);
  await world.clock.advance(HOUR - 1);
  expect(requestsTo(world, SENDALL)).toEqual([]);
  await world.clock.advance(1);
  expect(await untilStatus(world, campaign.id, 'SENDING')).toMatchObject({
    scheduledAt,
    submittedAt: scheduledAt,
  });
});

it('sends at its time after a restart, and at once where the time passed meanwhile', async () => {
  await using world = await createWorld();
  const { campaign } = await send(world, textToTag('later', { scheduledAt: inTime(world, HOUR) }));
  await world.restart();
  await world.clock.waitForTimer(HOUR);
  await world.clock.advance(HOUR);
  await untilStatus(world, campaign.id, 'SENDING');
  expect(requestsTo(world, SENDALL)).toHaveLength(1);
});

it('sends at once what is scheduled for now by a clock that is a minute behind', async () => {
  await using world = await createWorld();
  const { campaign } = await send(world, textToTag('late', { scheduledAt: inTime(world, -MINUTE) }));
  expect(campaign.status).toBe('SENDING');
});

it('refuses what is scheduled for a time that has passed: a wrong year would be a broadcast now', async () => {
  await using world = await createWorld();
  const { issues } = await send(world, textToTag('late', { scheduledAt: inTime(world, -MINUTE - 1) }));
  expect(issues).toMatchObject([{ path: ['scheduledAt'] }]);
  expect(world.sandbox.sends(world.appId)).toEqual([]);
});

it('answers a scheduled send that is asked for again after its time has come', async () => {
  await using world = await createWorld();
  const input = textToTag('later', { scheduledAt: inTime(world, MINUTE) });
  await send(world, input);
  await world.clock.advance(HOUR);
  expect(await send(world, input)).toMatchObject({ replayed: true });
});

it('does not let a scheduled send hold up the others', async () => {
  await using world = await createWorld();
  await send(world, textToTag('later', { scheduledAt: inTime(world, HOUR) }));
  expect((await send(world, textToTag('now'))).campaign.status).toBe('SENDING');
});

it('expires what could not leave in time, uses nothing up for it and never sends it', async () => {
  await using world = await createWorld();
  world.sandbox.script(SENDALL, ...Array<Fault>(10).fill({ errcode: 42010 }));
  const sendBefore = inTime(world, 2 * MINUTE + 30_000);
  const { campaign } = await send(world, textToTag('too late', { sendBefore }));
  expect(campaign.status).toBe('PENDING');
  for (let call = 2; call <= 3; call++) {
    await world.clock.waitForTimer(MINUTE);
    await world.clock.advance(MINUTE);
  }
  await world.clock.waitForTimer(30_000);
  await world.clock.advance(30_000);
  expect(await untilStatus(world, campaign.id, 'EXPIRED')).toMatchObject({
    msgId: null,
    finishedAt: sendBefore,
  });
  await world.clock.advance(24 * HOUR);
  expect(requestsTo(world, SENDALL)).toHaveLength(3);
  const { account } = await world.query<any>('{ account { quotas { kind used } } }');
  expect(account.quotas).toContainEqual({ kind: 'SEND_CALLS_PER_DAY', used: 0 });
  expect(await send(world, textToTag('too late', { sendBefore }))).toMatchObject({
    replayed: true,
    campaign: { status: 'EXPIRED' },
  });
});

it('expires what was waiting while the gateway stood still, without calling WeChat', async () => {
  await using world = await createWorld({ env: { WECHAT_TIMEOUT_MS: '20000' } });
  const gate = Promise.withResolvers<void>();
  world.sandbox.script(SENDALL, { gate: gate.promise, when: 'after' });
  const accepted = world.sandbox.waitFor('accepted');
  const waiting = world.clock.waitForTimer(10_000);
  const slow = send(world, textToTag('slow'));
  await Promise.all([accepted, waiting]);
  const times = { scheduledAt: inTime(world, MINUTE), sendBefore: inTime(world, HOUR) };
  const { campaign } = await send(world, textToTag('waiting', times));
  await world.clock.advance(10_000);
  await slow;
  await world.clock.advance(HOUR);
  gate.resolve();
  await untilStatus(world, campaign.id, 'EXPIRED');
  expect(requestsTo(world, SENDALL)).toHaveLength(1);
});

it('sends in time what may leave until later', async () => {
  await using world = await createWorld();
  const times = { scheduledAt: inTime(world, HOUR), sendBefore: inTime(world, HOUR + 1) };
  const { campaign } = await send(world, textToTag('in time', times));
  await world.clock.waitForTimer(HOUR);
  await world.clock.advance(HOUR);
  await untilStatus(world, campaign.id, 'SENDING');
  await world.clock.advance(MINUTE);
  expect((await readCampaign(world, campaign.id)).status).not.toBe('EXPIRED');
});

describe('a sendBefore', () => {
  const untouched = oneWorld();

  it.each<[string, (world: World) => object]>([
    ['that has passed', (world) => ({ sendBefore: inTime(world, -1) })],
    ['of this very moment', (world) => ({ sendBefore: inTime(world, 0) })],
    [
      'before scheduledAt',
      (world) => ({ scheduledAt: inTime(world, HOUR), sendBefore: inTime(world, HOUR - 1) }),
    ],
    [
      'equal to scheduledAt',
      (world) => ({ scheduledAt: inTime(world, HOUR), sendBefore: inTime(world, HOUR) }),
    ],
  ])('%s is InvalidInputError', async (_, times) => {
    const world = untouched();
    expect(await send(world, textToTag('wrong', times(world)))).toMatchObject({
      __typename: 'InvalidInputError',
      issues: [{ path: ['sendBefore'] }],
    });
  });
});
