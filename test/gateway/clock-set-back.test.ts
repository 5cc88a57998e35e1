import { expect, it } from 'vitest';
import { send, sendThrough, textToTag } from '../kit/actions.ts';
import { readCampaign, untilStatus } from '../kit/campaigns.ts';
import { requestsTo, SENDALL } from '../kit/endpoints.ts';
import { createWorld } from '../kit/world.ts';

const DAY = 24 * 3_600_000;

it('never repeats an unknown send whose time lies ahead: nobody knows what WeChat has forgotten since', async () => {
  await using world = await createWorld();
  world.sandbox.script(SENDALL, { drop: 'after' });
  const { campaign } = await send(world, textToTag('k'));
  expect(campaign.status).toBe('UNKNOWN');
  await world.clock.waitForTimer(60_000);
  world.clock.setBack(2 * DAY);
  await world.clock.advance(2 * DAY + 3_600_000);
  await sendThrough(world, textToTag('another'));
  expect(requestsTo(world, SENDALL)).toHaveLength(2);
  expect((await readCampaign(world, campaign.id)).status).toBe('UNKNOWN');
});

it('goes on sending, whatever was sent in the time that is to come again', async () => {
  await using world = await createWorld();
  const accounts = world.config.accounts.map((account) => ({
    ...account,
    limits: { ...account.limits, callsPerMinute: 2 },
  }));
  await world.restart({ accounts });
  for (const key of ['a', 'b']) await sendThrough(world, textToTag(key));
  world.clock.setBack(2 * DAY);
  expect(await send(world, textToTag('c'))).toMatchObject({ campaign: { status: 'SENDING' } });
});

it('holds an account that sends too fast for no longer than a pause', async () => {
  await using world = await createWorld();
  world.sandbox.script(SENDALL, { errcode: 42010 });
  await send(world, textToTag('a'));
  await world.clock.waitForTimer(60_000);
  // What the engine waits for next is then told from what it waits for now.
  await world.clock.advance(1_000);
  world.clock.setBack(DAY);
  const answer = send(world, textToTag('b'));
  // For so long an answer is waited for.
  await world.clock.waitForTimer(10_000);
  await world.clock.waitForTimer(60_000);
  await world.clock.advance(60_000);
  await untilStatus(world, (await answer).campaign.id, 'SENDING');
});
