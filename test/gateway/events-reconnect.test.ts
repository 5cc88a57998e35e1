import { once } from 'node:events';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWsClient } from 'graphql-ws';
import { describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { PUSHED_WITHIN_MS, send, textToTag } from '../kit/actions.ts';
import { untilStatus } from '../kit/campaigns.ts';
import { EVENTS, firstEvents, readEvents, type TestEvent, takeEvents } from '../kit/event-reading.ts';
import { pushForeignResults, resultXml } from '../kit/pushes.ts';
import type { Transport } from '../kit/subscribe.ts';
import { until } from '../kit/until.ts';
import { createWorld, type World } from '../kit/world.ts';

/** Reads a few, goes away in the middle, comes back behind the last one seen, and so on until there are as many as wanted. */
async function readInPieces(
  world: World,
  transport: Transport,
  wanted: number,
  pieces: number[],
): Promise<TestEvent[]> {
  const seen: TestEvent[] = [];
  for (let visit = 0; seen.length < wanted; visit++) {
    const piece = pieces[visit % pieces.length] ?? 1;
    await using events = await readEvents(world, transport, { after: seen.at(-1)?.id ?? '0' });
    seen.push(...(await takeEvents(events, Math.min(piece, wanted - seen.length))));
  }
  return seen;
}

it('tells many clients that come back at once, from different places, every event once', async () => {
  await using world = await createWorld();
  const { campaign } = await send(world, textToTag('one'));
  const { msgId } = await untilStatus(world, campaign.id, 'SENDING');
  const push = (sent: number) => {
    const counts = { total: 500, eligible: 500, sent, failed: 500 - sent };
    return world.sandbox.push(world.appId, resultXml({ msgId, counts }));
  };
  await Promise.all(Array.from({ length: 420 }, (_, sent) => push(sent)));
  const all = (await firstEvents(world, 424)).map(({ id }) => id);
  // Those who lag behind are told 32 at once, and so they meet.
  const beginnings = ['0', ...all.filter((_, index) => index < 220 && index % 32 === 31)];
  const socket = new WebSocket(`${world.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const told = new Map(beginnings.map((after) => [after, [] as string[]]));
  socket.on('message', (data) => {
    const { id, type, payload } = JSON.parse(String(data));
    if (type === 'next') told.get(id)?.push(payload.data.events.id);
  });
  await once(socket, 'open');
  socket.send('{"type":"connection_init"}');
  for (const after of beginnings) {
    const payload = { query: EVENTS, variables: { after } };
    socket.send(JSON.stringify({ id: after, type: 'subscribe', payload }));
  }
  await until(() => beginnings.every((after) => told.get(after)?.at(-1) === all.at(-1)));
  for (const after of beginnings) expect(told.get(after)).toEqual(all.slice(all.indexOf(after) + 1));
  socket.terminate();
});

it('tells a client that begins with the last event id whatever comes after the state it reads', async () => {
  await using world = await createWorld();
  const lastEventId = async () => (await world.query<any>('{ gateway { lastEventId } }')).gateway.lastEventId;
  expect(await lastEventId()).toBe('0');
  await pushForeignResults(world, 3);
  const after = await lastEventId();
  const msgId = '5000000001';
  await world.sandbox.push(world.appId, resultXml({ msgId }));
  await using events = await readEvents(world, 'SSE', { after });
  expect(await takeEvents(events, 1)).toMatchObject([{ msgId }]);
});

describe.each<Transport>(['SSE', 'WebSocket'])('a client of events over %s', (transport) => {
  it('that reconnects all through a burst is told every event once and in order', async () => {
    await using world = await createWorld();
    const burst = 400;
    const [pushed, ...readers] = await Promise.all([
      pushForeignResults(world, burst),
      ...[[1, 7, 40], [90], [3, 150]].map((pieces) => readInPieces(world, transport, burst, pieces)),
    ]);
    await using afterwards = await readEvents(world, transport, { after: '0' });
    const all = await takeEvents(afterwards, burst);
    expect(all.map(({ msgId }) => msgId).toSorted()).toEqual(pushed.toSorted());
    for (const seen of readers) expect(seen).toEqual(all);
  });

  it('that has stayed all through a burst of reconnects is told the same', async () => {
    await using world = await createWorld();
    await using staying = await readEvents(world, transport);
    const [pushed, told] = await Promise.all([
      pushForeignResults(world, 300),
      takeEvents(staying, 300),
      readInPieces(world, transport, 300, [2, 30]),
    ]);
    expect(told.map(({ msgId }) => msgId).toSorted()).toEqual(pushed.toSorted());
    const ids = told.map(({ id }) => Number(id));
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  });
});

/** Takes from a client's iterator until there are as many, or it ends or breaks. */
async function collect(results: AsyncIterable<any>, seen: TestEvent[], wanted: number): Promise<void> {
  for await (const { data } of results) {
    seen.push(data.events);
    if (seen.length === wanted) return;
  }
}

const namesOf = (events: TestEvent[]) => events.map((event) => event.status ?? event.__typename);

it('graphql-sse follows a send across a restart of the gateway', async () => {
  await using world = await createWorld();
  const client = createSseClient({ url: () => `${world.url}/graphql`, retryAttempts: 0 });
  const seen: TestEvent[] = [];
  const follow = (wanted: number) =>
    collect(client.iterate({ query: EVENTS, variables: { after: seen.at(-1)?.id ?? '0' } }), seen, wanted);
  const closed = expect(follow(100)).rejects.toMatchObject({ name: 'NetworkError' });
  await send(world, textToTag('one'));
  await until(() => seen.length === 3);
  await world.restart();
  // The stream broke off, and did not come to its end: who is told of an end does not come back.
  await closed;
  expect(namesOf(seen)).toEqual(['PENDING', 'SUBMITTING', 'SENDING']);
  await world.clock.advance(PUSHED_WITHIN_MS);
  await follow(5);
  expect(namesOf(seen)).toEqual(['PENDING', 'SUBMITTING', 'SENDING', 'MassSendJobFinished', 'SENT']);
  client.dispose();
});

it('graphql-ws follows a send across a restart of the gateway', async () => {
  await using world = await createWorld();
  const client = createWsClient({
    url: () => `${world.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  });
  const seen: TestEvent[] = [];
  const follow = (wanted: number) =>
    collect(client.iterate({ query: EVENTS, variables: { after: seen.at(-1)?.id ?? '0' } }), seen, wanted);
  const closed = expect(follow(100)).rejects.toMatchObject({ code: 1001, reason: 'Going away' });
  await send(world, textToTag('one'));
  await until(() => seen.length === 3);
  await world.restart();
  await closed;
  expect(namesOf(seen)).toEqual(['PENDING', 'SUBMITTING', 'SENDING']);
  await world.clock.advance(PUSHED_WITHIN_MS);
  await follow(5);
  expect(namesOf(seen)).toEqual(['PENDING', 'SUBMITTING', 'SENDING', 'MassSendJobFinished', 'SENT']);
  await client.dispose();
});
