import { expect, it } from 'vitest';
import type { PushFault } from '../../src/sandbox/push-faults.ts';
import { text } from './kit.ts';
import { parse, startPushing } from './pushing.ts';

/** A send that is done, its push under a fault. */
async function pushedUnder(fault: PushFault) {
  const started = await startPushing();
  const { sandbox, clock, begin, receiver, status } = started;
  sandbox.scriptPush(fault);
  const { msg_id } = await begin();
  await clock.advance(1000);
  return { ...started, msg_id, receiver, status: () => status(msg_id) };
}

it('loses a result, though the send was done', async () => {
  await using started = await pushedUnder({ lost: true });
  const { clock, status, receiver, result } = started;
  await clock.advance(60_000);
  expect(await status()).toBe('SEND_SUCCESS');
  expect(receiver.received).toEqual([]);
  // The fault was for one send.
  expect(await result(text('other'))).toMatchObject({ Status: 'send success' });
});

it('pushes a result twice, the same', async () => {
  await using started = await startPushing();
  const { sandbox, clock, begin, receiver } = started;
  sandbox.scriptPush({ twice: true });
  await begin();
  const second = sandbox.waitFor('push', () => receiver.received.length === 2);
  await clock.advance(1000);
  await second;
  const [one, other] = receiver.received;
  expect(one?.body).toBe(other?.body);
});

it('delivers a result before the send itself is answered', async () => {
  await using started = await startPushing();
  const { sandbox, begin, receiver, status, clock } = started;
  sandbox.scriptPush({ early: true });
  let receivedBeforeTheAnswer = 0;
  const { msg_id } = await begin().then((answer) => {
    receivedBeforeTheAnswer = receiver.received.length;
    return answer;
  });
  expect(receivedBeforeTheAnswer).toBe(1);
  expect(parse(receiver.received[0]!.body).MsgID).toBe(String(msg_id));
  expect(await status(msg_id)).toBe('SEND_SUCCESS');
  await clock.advance(60_000);
  expect(receiver.received).toHaveLength(1);
});

it('pushes a result late', async () => {
  await using started = await pushedUnder({ late: 30_000 });
  const { sandbox, clock, receiver, status } = started;
  expect(await status()).toBe('SEND_SUCCESS');
  await clock.advance(29_999);
  expect(receiver.received).toEqual([]);
  const pushed = sandbox.waitFor('push');
  await clock.advance(1);
  expect(await pushed).toMatchObject({ accepted: true });
});

it('pushes a scripted status, and lets mass/get agree', async () => {
  await using started = await startPushing();
  const { sandbox, result, status } = started;
  sandbox.scriptPush({ status: 'err(10001)' }, { status: 'sendsuccess' }, { status: 'send fail' });
  for (const [Status, got] of [
    ['err(10001)', 'SEND_FAIL'],
    ['sendsuccess', 'SEND_SUCCESS'],
    ['send fail', 'SEND_FAIL'],
  ]) {
    const sent = await result(text(`for ${Status}`));
    expect([sent.Status, await status(sent.msg_id)]).toEqual([Status, got]);
  }
});

it('pushes a second time with other contents', async () => {
  await using started = await startPushing();
  const { sandbox, clock, begin, receiver } = started;
  sandbox.scriptPush({ again: { counts: { total: 4, eligible: 4, sent: 3, failed: 1 } } });
  await begin();
  const second = sandbox.waitFor('push', () => receiver.received.length === 2);
  await clock.advance(1000);
  await second;
  const [one, other] = receiver.received.map(({ body }) => parse(body));
  expect([one.SentCount, other.SentCount]).toEqual(['4', '3']);
  expect(one.MsgID).toBe(other.MsgID);
});
