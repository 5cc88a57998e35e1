import { describe, expect, it } from 'vitest';
import { STALL_MS } from '../../src/events/event-log.ts';
import { subscribeDeaf } from '../kit/deaf-subscriber.ts';
import { readEvents, takeEvents } from '../kit/event-reading.ts';
import { postPush, pushForeignResults, resultXml, signed } from '../kit/pushes.ts';
import type { Transport } from '../kit/subscribe.ts';
import { until } from '../kit/until.ts';
import { createWorld, type World } from '../kit/world.ts';

const COPIES = 20;
const STATUS_BYTES = 150_000;

/** Each event as an answer of three megabytes. */
const HUGE = `subscription { events { id ... on MassSendJobFinished {
  ${Array.from({ length: COPIES }, (_, index) => `s${index}: rawStatus`).join(' ')}
} } }`;

/** More than the kernels of both sides take in for a connection that nobody reads. */
const EVENTS = 24;

async function pushHuge(world: World): Promise<void> {
  for (let index = 0; index < EVENTS; index++) {
    const status = String(index).padStart(STATUS_BYTES, '.');
    const { status: answer } = await postPush(
      world,
      signed(world, resultXml({ msgId: String(8_000_000_001 + index), status })),
    );
    expect(answer).toBe(200);
  }
}

/** Lets time pass until no more are left: what the kernels take in late is taken, and so the stalling begins anew. */
async function untilSubscribers(world: World, left: number): Promise<void> {
  while (world.subscribers() > left) await world.clock.advance(STALL_MS / 3);
  expect(world.subscribers()).toBe(left);
}

describe.each<Transport>(['SSE', 'WebSocket'])('over %s', (transport) => {
  it('a subscriber that stops reading is closed, and costs the others nothing', async () => {
    await using world = await createWorld();
    await using deaf = await subscribeDeaf(world, transport, HUGE);
    await using reader = await readEvents(world, transport);
    await using idle = await world.subscribe<any>(transport, 'subscription { campaignUpdated { id } }');
    await until(() => world.subscribers() === 3);

    const reading = takeEvents(reader, EVENTS);
    await pushHuge(world);
    const told = await reading;
    expect(told.map(({ rawStatus }) => Number(rawStatus?.replaceAll('.', '')))).toEqual(
      Array.from({ length: EVENTS }, (_, index) => index),
    );

    await world.clock.advance(STALL_MS - 1);
    expect(world.subscribers()).toBe(3);
    await untilSubscribers(world, 2);

    // What was on its way is a part of it: the rest was never read from the log.
    expect(await deaf.readToTheEnd()).toBeLessThan(EVENTS * COPIES * STATUS_BYTES);
    const [msgId] = await pushForeignResults(world, 1);
    expect(await takeEvents(reader, 1)).toMatchObject([{ msgId }]);
    await idle.close();
  });

  it('a subscriber that is closed for not reading resumes by its cursor', async () => {
    await using world = await createWorld();
    await using first = await readEvents(world, transport);
    await pushForeignResults(world, 1);
    const [last] = await takeEvents(first, 1);
    await using deaf = await subscribeDeaf(world, transport, HUGE);
    await pushHuge(world);
    await takeEvents(first, EVENTS);
    await untilSubscribers(world, 1);
    await deaf.readToTheEnd();
    await using again = await readEvents(world, transport, { after: last!.id });
    const told = await takeEvents(again, EVENTS);
    expect(told.map(({ msgId }) => msgId)).toEqual(
      Array.from({ length: EVENTS }, (_, index) => String(8_000_000_001 + index)),
    );
  });

  it('a subscriber that has nothing to read for hours is not closed', async () => {
    await using world = await createWorld();
    await using reader = await readEvents(world, transport);
    await world.clock.advance(6 * 3_600_000);
    const [msgId] = await pushForeignResults(world, 1);
    expect(await takeEvents(reader, 1)).toMatchObject([{ msgId }]);
  });

  it('a subscriber that goes is forgotten at once, whether it says so or not', async () => {
    await using world = await createWorld();
    const polite = await readEvents(world, transport);
    const deaf = await subscribeDeaf(world, transport, HUGE);
    expect(world.subscribers()).toBe(2);
    await polite.close();
    await until(() => world.subscribers() === 1);
    deaf.vanish();
    await until(() => world.subscribers() === 0);
    const before = world.sql.length;
    await pushForeignResults(world, 1);
    // Nobody is there to read the log for.
    expect(world.sql.slice(before).filter((sql) => /select.* from "events"/.test(sql))).toEqual([]);
  });
});
