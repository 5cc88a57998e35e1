import { expect, it } from 'vitest';
import { finishedXml } from '../callback/kit.ts';
import { send, sendThrough, textToTag } from '../kit/actions.ts';
import { readCampaign } from '../kit/campaigns.ts';
import { nextRequest, requestsTo, SENDALL } from '../kit/endpoints.ts';
import { readEvents } from '../kit/event-reading.ts';
import { runSql } from '../kit/sql.ts';
import { createWorld, type World } from '../kit/world.ts';

const HOUR = 3_600_000;

const inHours = ({ clock }: World, hours: number) =>
  new Date(clock.now().getTime() + hours * HOUR).toISOString();

/** The gateway is another one from now on, on a copy of the database: it is held. */
async function becomeCopy(world: World): Promise<void> {
  await runSql(world.config.databaseUrl, "update instance set place = 'elsewhere'");
  await world.restart();
}

const resumed = {
  'the mutation': (world: World) => world.query('mutation { resumeSending { heldSince } }'),
  'a start with --resume': (world: World) => world.restart({}, { resume: true }),
};

/** A copy that asks WeChat an hour after its send was due, is put off, and would ask again half an hour later. */
async function putOffInCopy(world: World, sendBefore: string): Promise<string> {
  const { campaign } = await send(world, textToTag('k', { scheduledAt: inHours(world, 1), sendBefore }));
  await becomeCopy(world);
  await world.clock.advance(2 * HOUR);
  world.sandbox.script(SENDALL, { errcode: 42010 });
  const asked = nextRequest(world, SENDALL);
  await resumed['the mutation'](world);
  await asked;
  await world.clock.waitForTimer(HOUR / 2);
  return campaign.id;
}

it.each(Object.entries(resumed))(
  'repeats by its clientmsgid what became due while a copy was held and the original may have sent, after %s',
  async (_, resume) => {
    await using world = await createWorld();
    const { campaign } = await send(world, textToTag('k', { scheduledAt: inHours(world, 1) }));
    await becomeCopy(world);
    await world.clock.advance(2 * HOUR);
    const asked = nextRequest(world, SENDALL);
    await resume(world);
    expect((await asked).body).toContain((await readCampaign(world, campaign.id)).jobs[0].clientMsgId);
  },
);

it.each(Object.entries(resumed))(
  'never sends what became due while a copy was held, once WeChat has forgotten its clientmsgid, after %s',
  async (_, resume) => {
    await using world = await createWorld();
    const { campaign } = await send(world, textToTag('k', { scheduledAt: inHours(world, 1) }));
    await becomeCopy(world);
    await world.clock.advance(26 * HOUR);
    await resume(world);
    // Sends go one after another: what was to leave before this one has left.
    const { msgId } = await sendThrough(world, textToTag('another'));
    expect(requestsTo(world, SENDALL)).toHaveLength(1);
    expect(await readCampaign(world, campaign.id)).toMatchObject({
      status: 'UNKNOWN',
      failure: { reason: expect.stringContaining('the original may have sent this') },
    });
    expect(msgId).not.toBeNull();
  },
);

it('sends at its time what a copy holds and is not due yet, and what it was asked for itself', async () => {
  await using world = await createWorld();
  const { campaign } = await send(world, textToTag('later', { scheduledAt: inHours(world, 30) }));
  await becomeCopy(world);
  await world.clock.advance(26 * HOUR);
  const asked = await send(world, textToTag('of the copy'));
  await world.clock.advance(HOUR);
  const called = nextRequest(world, SENDALL);
  await resumed['the mutation'](world);
  expect((await called).body).toContain((await readCampaign(world, asked.campaign.id)).jobs[0].clientMsgId);
  const next = nextRequest(world, SENDALL);
  await world.clock.advance(4 * HOUR);
  expect((await next).body).toContain((await readCampaign(world, campaign.id)).jobs[0].clientMsgId);
});

it.each([
  ['it is due', [3]],
  ['it was doubted, while there was time', [1.5, 1.5]],
] as const)('sends nothing from a copy after its sendBefore, which passed before %s', async (_, starts) => {
  await using world = await createWorld();
  const times = { scheduledAt: inHours(world, 1), sendBefore: inHours(world, 2) };
  const { campaign } = await send(world, textToTag('k', times));
  for (const hours of starts) {
    await becomeCopy(world);
    await world.clock.advance(hours * HOUR);
  }
  await resumed['the mutation'](world);
  await sendThrough(world, textToTag('another'));
  expect(requestsTo(world, SENDALL)).toHaveLength(1);
  expect((await readCampaign(world, campaign.id)).status).toBe('UNKNOWN');
});

it('sends nothing from a copy after its sendBefore, however often the original was put off', async () => {
  await using world = await createWorld();
  world.sandbox.script(SENDALL, { errcode: 42010 });
  const { campaign } = await send(world, textToTag('k', { sendBefore: inHours(world, 2) }));
  await becomeCopy(world);
  await world.clock.advance(5 * HOUR);
  await resumed['the mutation'](world);
  await sendThrough(world, textToTag('another'));
  expect(world.sandbox.sends(world.appId)).toHaveLength(1);
  expect((await readCampaign(world, campaign.id)).status).toBe('UNKNOWN');
});

it('asks no more of a copy from its sendBefore on, where no call of it is known to have left in time', async () => {
  await using world = await createWorld();
  await putOffInCopy(world, inHours(world, 2.25));
  await world.clock.advance(HOUR);
  await sendThrough(world, textToTag('another'));
  expect(requestsTo(world, SENDALL)).toHaveLength(2);
  expect(world.sandbox.sends(world.appId)).toHaveLength(1);
});

it('goes on asking, after its sendBefore too, for what was called just when a copy was copied', async () => {
  await using world = await createWorld();
  const id = await putOffInCopy(world, inHours(world, 3));
  await runSql(world.config.databaseUrl, 'update jobs set lease_until = next_attempt_at, attempts = 2');
  await becomeCopy(world);
  await world.clock.advance(2 * HOUR);
  const askedAgain = nextRequest(world, SENDALL);
  await resumed['the mutation'](world);
  expect((await askedAgain).body).toContain((await readCampaign(world, id)).jobs[0].clientMsgId);
});

it('tells the results of what the original has sent, also while a copy is held with doubts of its own', async () => {
  await using world = await createWorld();
  await send(world, textToTag('k', { scheduledAt: inHours(world, 1) }));
  await world.clock.advance(HOUR - 1);
  await becomeCopy(world);
  // Due, and so perhaps sent by the original.
  await runSql(world.config.databaseUrl, "update jobs set status = 'UNKNOWN'");
  await world.sandbox.push(world.appId, finishedXml({ msgId: '4000000001' }));
  await using events = await readEvents(world, 'SSE', { after: '0' });
  await events.until(({ events: { msgId, campaign } }) => msgId === '4000000001' && campaign === null);
});

it('tells at its start what waited for an answer when it was copied', async () => {
  await using world = await createWorld();
  world.sandbox.script(SENDALL, { errcode: -1 });
  await send(world, textToTag('unknown'));
  await world.sandbox.push(world.appId, finishedXml({ msgId: '4000000001' }));
  await becomeCopy(world);
  await using events = await readEvents(world, 'SSE', { after: '0' });
  await events.until(({ events: { msgId, campaign } }) => msgId === '4000000001' && campaign === null);
});
