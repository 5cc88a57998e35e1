import { describe, expect, it } from 'vitest';
import { PUSHED_WITHIN_MS, send, sendThrough, textToTag } from '../kit/actions.ts';
import { EVENTS, readEvents, takeEvents } from '../kit/event-reading.ts';
import { pushForeignResults } from '../kit/pushes.ts';
import type { Transport } from '../kit/subscribe.ts';
import { createWorld } from '../kit/world.ts';

const LIFE = ['PENDING', 'SUBMITTING', 'SENDING', 'MassSendJobFinished', 'SENT'];
const nameOf = (event: { __typename: string; status?: string }) => event.status ?? event.__typename;

describe.each<Transport>(['SSE', 'WebSocket'])('events over %s', (transport) => {
  it('tell only what happens from now on where no cursor is given', async () => {
    await using world = await createWorld();
    await sendThrough(world, textToTag('before'));
    await using events = await readEvents(world, transport);
    const { id } = await sendThrough(world, textToTag('after'));
    const told = await takeEvents(events, LIFE.length);
    expect(told.map(nameOf)).toEqual(LIFE);
    expect(told.map(({ campaign }) => campaign?.id)).toEqual(LIFE.map(() => id));
  });

  it('tell everything there is after "0", and go on with what happens then', async () => {
    await using world = await createWorld();
    const first = await sendThrough(world, textToTag('before'));
    await using events = await readEvents(world, transport, { after: '0' });
    const missed = await takeEvents(events, LIFE.length);
    expect(missed.map(nameOf)).toEqual(LIFE);
    const second = await sendThrough(world, textToTag('after'));
    const live = await takeEvents(events, LIFE.length);
    expect(live.map(nameOf)).toEqual(LIFE);
    expect([...missed, ...live].map(({ campaign }) => campaign?.id)).toEqual([
      ...LIFE.map(() => first.id),
      ...LIFE.map(() => second.id),
    ]);
    const ids = [...missed, ...live].map(({ id }) => Number(id));
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  });

  it('go on behind a cursor', async () => {
    await using world = await createWorld();
    await sendThrough(world, textToTag('one'));
    await using all = await readEvents(world, transport, { after: '0' });
    const told = await takeEvents(all, LIFE.length);
    for (const [index, { id }] of told.entries()) {
      await using rest = await readEvents(world, transport, { after: id });
      expect(await takeEvents(rest, LIFE.length - index - 1)).toEqual(told.slice(index + 1));
    }
    await using live = await readEvents(world, transport, { after: told.at(-1)!.id });
    const [msgId] = await pushForeignResults(world, 1);
    expect(await takeEvents(live, 1)).toMatchObject([{ msgId, campaign: null }]);
  });

  it('keep to one campaign where one is named, what was missed and what happens alike', async () => {
    await using world = await createWorld();
    const wanted = await sendThrough(world, textToTag('wanted'));
    await sendThrough(world, textToTag('other'));
    // First, as that it is open is seen by the number of those that are.
    await using live = await readEvents(world, transport, { campaign: wanted.id });
    await using missed = await readEvents(world, transport, { after: '0', campaign: wanted.id });
    const told = await takeEvents(missed, LIFE.length);
    expect(told.map(nameOf)).toEqual(LIFE);
    await sendThrough(world, textToTag('another'));
    await pushForeignResults(world, 3);
    await world.sandbox.push(
      world.appId,
      `<xml><MsgType>event</MsgType><Event>MASSSENDJOBFINISH</Event><MsgID>${wanted.msgId}</MsgID><Status>sendsuccess</Status></xml>`,
    );
    for (const events of [missed, live]) {
      const [next] = await takeEvents(events, 1);
      expect(next).toMatchObject({ campaign: { id: wanted.id }, rawStatus: 'sendsuccess' });
    }
  });

  it('do not mix between two subscribers who want other things', async () => {
    await using world = await createWorld();
    const one = (await send(world, textToTag('one'))).campaign;
    const two = (await send(world, textToTag('two'))).campaign;
    await using all = await readEvents(world, transport);
    await using ofOne = await readEvents(world, transport, { campaign: one.id });
    await using ofTwo = await readEvents(world, transport, { campaign: two.id });
    await world.clock.advance(PUSHED_WITHIN_MS);
    const life = ['MassSendJobFinished', 'SENT'];
    for (const [events, id] of [
      [ofOne, one.id],
      [ofTwo, two.id],
    ] as const) {
      const told = await takeEvents(events, 2);
      expect(told.map((event) => [nameOf(event), event.campaign?.id])).toEqual(
        life.map((name) => [name, id]),
      );
    }
    expect((await takeEvents(all, 4)).map(nameOf).toSorted()).toEqual([...life, ...life].toSorted());
  });

  it('refuse a campaign that there is none of', async () => {
    await using world = await createWorld();
    for (const campaign of ['nope', '', 'cmp_0', 'job_0']) {
      await using events = await world.subscribe(transport, EVENTS, { campaign });
      await expect(events.next(), campaign).rejects.toThrow('campaign is not a campaign of this gateway');
      expect(world.subscribers()).toBe(0);
    }
  });

  it('refuse a cursor that is the id of no event', async () => {
    await using world = await createWorld();
    for (const after of ['x', '-1', '1.5', '1e3', ' 1', '', '0x1', '99999999999999999999', '123456']) {
      await using events = await world.subscribe(transport, EVENTS, { after });
      await expect(events.next(), after).rejects.toThrow('BAD_USER_INPUT');
      expect(world.subscribers()).toBe(0);
    }
  });
});
