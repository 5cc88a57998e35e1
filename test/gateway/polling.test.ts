import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/sandbox/faults.ts';
import { finishedXml } from '../callback/kit.ts';
import { send, sendThrough, textToTag } from '../kit/actions.ts';
import { readCampaign, untilCampaign, untilStatus } from '../kit/campaigns.ts';
import { nextRequest, requestsTo, STATUS } from '../kit/endpoints.ts';
import { createWorld, HURRIED, type World } from '../kit/world.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;
const says = (msg_status: string): Fault => ({ body: JSON.stringify({ msg_id: 1, msg_status }) });

/** A send whose result is never pushed. */
async function sendUnheard(world: World): Promise<any> {
  world.sandbox.scriptPush({ lost: true });
  const { campaign } = await send(world, textToTag('unheard'));
  return campaign;
}

/** Waits until the next question is due in so long, and lets it be asked. */
async function ask(world: World, pause: number): Promise<void> {
  await world.clock.waitForTimer(pause);
  const asked = nextRequest(world, STATUS);
  await world.clock.advance(pause);
  await asked;
}

it('does not ask where the result event came', async () => {
  await using world = await createWorld();
  await sendThrough(world, textToTag('heard'));
  await world.clock.advance(24 * HOUR);
  expect(requestsTo(world, STATUS)).toEqual([]);
});

it('asks a minute after acceptance where no result event came, by the id as a string', async () => {
  await using world = await createWorld();
  const { id, msgId } = await sendUnheard(world);
  await world.clock.waitForTimer(MINUTE);
  await world.clock.advance(MINUTE - 1);
  expect(requestsTo(world, STATUS)).toEqual([]);
  await world.clock.advance(1);
  expect(await untilStatus(world, id, 'SENT')).toMatchObject({
    counts: null,
    failure: null,
    finishedAt: '2026-06-01T02:01:00.000Z',
  });
  expect(requestsTo(world, STATUS).map(({ body }) => JSON.parse(body))).toEqual([{ msg_id: msgId }]);
  await world.clock.advance(24 * HOUR);
  expect(requestsTo(world, STATUS)).toHaveLength(1);
});

it('asks less and less often, whatever the answers are worth, and at least every six hours', async () => {
  await using world = await createWorld({ env: HURRIED });
  const { id } = await sendUnheard(world);
  const answers: Fault[] = [
    says('SENDING'),
    { errcode: 40059 },
    { body: '{}' },
    { errcode: -1 },
    { hang: 'before' },
    { html: 502 },
    says('SOMETHING NEW'),
    ...Array<Fault>(4).fill(says('SENDING')),
  ];
  world.sandbox.script(STATUS, ...answers);
  const pauses = answers.map((_, index) => Math.min(MINUTE * 2 ** index, 6 * HOUR));
  for (const pause of pauses) await ask(world, pause);
  expect(pauses.at(-1)).toBe(6 * HOUR);
  expect(await readCampaign(world, id)).toMatchObject({ status: 'SENDING', failure: null });
  await ask(world, 6 * HOUR);
  await untilStatus(world, id, 'SENT');
  expect(requestsTo(world, STATUS)).toHaveLength(answers.length + 1);
});

it('takes the pause before the first question from STATUS_POLL_MS', async () => {
  await using world = await createWorld({ env: { STATUS_POLL_MS: '5000' } });
  const { id } = await sendUnheard(world);
  world.sandbox.script(STATUS, says('SENDING'));
  await ask(world, 5_000);
  await ask(world, 10_000);
  await untilStatus(world, id, 'SENT');
});

it('learns that a send failed', async () => {
  await using world = await createWorld();
  const { id } = await sendUnheard(world);
  world.sandbox.script(STATUS, says('SEND_FAIL'));
  await ask(world, MINUTE);
  expect(await untilStatus(world, id, 'FAILED')).toMatchObject({
    counts: null,
    failure: { code: null, rawStatus: 'SEND_FAIL', retryable: true },
  });
});

it('learns that a send was deleted', async () => {
  await using world = await createWorld();
  const { id } = await sendUnheard(world);
  world.sandbox.script(STATUS, says('DELETE'));
  await ask(world, MINUTE);
  expect(await untilStatus(world, id, 'DELETED')).toMatchObject({
    failure: null,
    deletedAt: '2026-06-01T02:01:00.000Z',
    finishedAt: '2026-06-01T02:01:00.000Z',
  });
});

const REACHED_NOBODY =
  '<TotalCount>100</TotalCount><FilterCount>0</FilterCount><SentCount>0</SentCount><ErrorCount>0</ErrorCount>';

describe('a deletion that WeChat tells of, though nobody deleted anything', () => {
  it.each([
    ['reached nobody', { counts: REACHED_NOBODY }, { status: 'SENT', failure: null }],
    ['failed', { status: 'err(10001)' }, { status: 'FAILED', failure: { code: 10001 } }],
  ])(
    'is outdone by a result event that says that the send %s, before or after it',
    async (_, result, expected) => {
      for (const isFirst of [true, false]) {
        await using world = await createWorld();
        const { id, msgId } = await sendUnheard(world);
        world.sandbox.script(STATUS, says('DELETE'));
        const tell = () => world.sandbox.push(world.appId, finishedXml({ msgId, ...result }));
        if (isFirst) await tell();
        await world.query(`{ messageStatus(msgId: "${msgId}") { __typename } }`);
        if (!isFirst) {
          await untilStatus(world, id, 'DELETED');
          await tell();
        }
        expect(await untilStatus(world, id, expected.status)).toMatchObject({ ...expected, deletedAt: null });
      }
    },
  );

  it('holds where the result event says that people have received it', async () => {
    await using world = await createWorld();
    const { id, msgId } = await sendUnheard(world);
    world.sandbox.script(STATUS, says('DELETE'));
    await ask(world, MINUTE);
    await untilStatus(world, id, 'DELETED');
    await world.sandbox.push(world.appId, finishedXml({ msgId }));
    expect(await untilCampaign(world, id, ({ counts }) => counts !== null)).toMatchObject({
      status: 'DELETED',
    });
  });
});

it('goes on asking after a restart where it stopped', async () => {
  await using world = await createWorld();
  const { id } = await sendUnheard(world);
  world.sandbox.script(STATUS, says('SENDING'));
  await ask(world, MINUTE);
  await world.clock.waitForTimer(2 * MINUTE);
  await world.restart();
  await ask(world, 2 * MINUTE);
  await untilStatus(world, id, 'SENT');
  expect(requestsTo(world, STATUS)).toHaveLength(2);
});

it('asks for every send that was not heard of', async () => {
  await using world = await createWorld();
  world.sandbox.scriptPush({ lost: true }, { lost: true }, { lost: true });
  const answers = await Promise.all(['1', '2', '3'].map((key) => send(world, textToTag(key))));
  await world.clock.waitForTimer(MINUTE);
  await world.clock.advance(MINUTE);
  for (const { campaign } of answers) await untilStatus(world, campaign.id, 'SENT');
  const asked = requestsTo(world, STATUS).map(({ body }) => JSON.parse(body).msg_id);
  expect(asked.sort()).toEqual(answers.map(({ campaign }) => campaign.msgId).sort());
});
