import { describe, expect, it } from 'vitest';
import { PUSHED_WITHIN_MS, send, textToTag } from '../kit/actions.ts';
import { postPush, resultXml, signed } from '../kit/pushes.ts';
import type { Results, Transport } from '../kit/subscribe.ts';
import { until } from '../kit/until.ts';
import { createWorld, type World } from '../kit/world.ts';

const UPDATED = `subscription ($id: ID) {
  campaignUpdated(id: $id) { id status msgId counts { sent } jobs { status } failure { code } }
}`;

type Updates = Results<{ campaignUpdated: any }>;

const take = async (updates: Updates) => (await updates.next()).campaignUpdated;

/** All changes of all campaigns, from now on. */
async function watchAll(world: World, transport: Transport): Promise<Updates> {
  const before = world.subscribers();
  const updates = await world.subscribe<{ campaignUpdated: any }>(transport, UPDATED);
  if (transport === 'WebSocket') await until(() => world.subscribers() > before);
  return updates;
}

describe.each<Transport>(['SSE', 'WebSocket'])('campaignUpdated over %s', (transport) => {
  it('tells the present state at once, and then every change until the result', async () => {
    await using world = await createWorld();
    const { campaign } = await send(world, textToTag('one'));
    await using updates: Updates = await world.subscribe(transport, UPDATED, { id: campaign.id });
    expect(await take(updates)).toEqual({
      id: campaign.id,
      status: 'SENDING',
      msgId: campaign.msgId,
      counts: null,
      jobs: [{ status: 'SENDING' }],
      failure: null,
    });
    await world.clock.advance(PUSHED_WITHIN_MS);
    const { campaignUpdated } = await updates.until((update) => update.campaignUpdated.status === 'SENT');
    expect(campaignUpdated).toMatchObject({ counts: { sent: 2400 }, jobs: [{ status: 'SENT' }] });
  });

  it('tells the state of a campaign that is over, and then nothing but news of it', async () => {
    await using world = await createWorld();
    const { campaign } = await send(world, textToTag('one'));
    await postPush(world, signed(world, resultXml({ msgId: campaign.msgId })));
    await using updates: Updates = await world.subscribe(transport, UPDATED, { id: campaign.id });
    expect(await take(updates)).toMatchObject({ status: 'SENT', counts: { sent: 75 } });
    await send(world, textToTag('two'));
    const counts = { total: 100, eligible: 80, sent: 80, failed: 0 };
    await postPush(world, signed(world, resultXml({ msgId: campaign.msgId, counts })));
    expect(await take(updates)).toMatchObject({ id: campaign.id, counts: { sent: 80 } });
  });

  it('tells every change of every campaign, and none of their present states, where no id is given', async () => {
    await using world = await createWorld();
    const one = (await send(world, textToTag('one'))).campaign;
    await using updates = await watchAll(world, transport);
    const two = (await send(world, textToTag('two'))).campaign;
    const { campaignUpdated } = await updates.next();
    expect(campaignUpdated.id).toBe(two.id);
    await world.clock.advance(PUSHED_WITHIN_MS);
    const sent = new Set<string>();
    await updates.until(({ campaignUpdated: { id, status } }) => {
      if (status === 'SENT') sent.add(id);
      return sent.size === 2;
    });
    expect(sent).toEqual(new Set([one.id, two.id]));
  });

  it('passes over results of sends that were made elsewhere', async () => {
    await using world = await createWorld();
    await using updates = await watchAll(world, transport);
    await postPush(world, signed(world, resultXml({ msgId: '7000000001' })));
    const { campaign } = await send(world, textToTag('one'));
    expect((await take(updates)).id).toBe(campaign.id);
  });

  it('follows a send through an unknown outcome to its end', async () => {
    await using world = await createWorld();
    world.sandbox.script('/cgi-bin/message/mass/sendall', { drop: 'after' });
    const { campaign } = await send(world, textToTag('one'));
    await using updates: Updates = await world.subscribe(transport, UPDATED, { id: campaign.id });
    expect(await take(updates)).toMatchObject({ status: 'UNKNOWN', msgId: null });
    const pushed = world.sandbox.waitFor('push');
    await world.clock.advance(PUSHED_WITHIN_MS);
    expect(await pushed).toMatchObject({ accepted: true });
    await world.clock.waitForTimer(60_000 - PUSHED_WITHIN_MS);
    await world.clock.advance(60_000 - PUSHED_WITHIN_MS);
    const { campaignUpdated } = await updates.until((update) => update.campaignUpdated.status === 'SENT');
    expect(campaignUpdated).toMatchObject({
      msgId: world.sandbox.sends(world.appId)[0]?.msgId,
      counts: { sent: 2400 },
    });
  });

  it('refuses an id that is no campaign', async () => {
    await using world = await createWorld();
    for (const id of ['cmp_unknown', '', '1', 'job_1']) {
      await using updates = await world.subscribe(transport, UPDATED, { id });
      await expect(updates.next(), id).rejects.toThrow('BAD_USER_INPUT');
      expect(world.subscribers()).toBe(0);
    }
  });

  it('does not mix between two subscribers', async () => {
    await using world = await createWorld();
    const one = (await send(world, textToTag('one'))).campaign;
    const two = (await send(world, textToTag('two'))).campaign;
    await using ofOne: Updates = await world.subscribe(transport, UPDATED, { id: one.id });
    await using ofTwo: Updates = await world.subscribe(transport, UPDATED, { id: two.id });
    const untilSent = async (updates: Updates) => {
      const ids = new Set<string>();
      await updates.until(({ campaignUpdated: { id, status } }) => {
        ids.add(id);
        return status === 'SENT';
      });
      return [...ids];
    };
    const [first, second] = [untilSent(ofOne), untilSent(ofTwo)];
    await world.clock.advance(PUSHED_WITHIN_MS);
    expect(await first).toEqual([one.id]);
    expect(await second).toEqual([two.id]);
  });
});
