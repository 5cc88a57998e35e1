import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type Crowd, openCrowd, type Transport } from '../kit/crowd.ts';
import { createDatabase, databaseOf } from '../kit/database.ts';
import type { Gateway } from '../kit/gateway.ts';
import { type Server, startServer } from '../kit/processes.ts';
import { interleaved, median } from '../kit/rounds.ts';
import type { Bench, Measured } from '../kit/row.ts';
import {
  createPublisher,
  createPusher,
  EVENTS,
  type Publisher,
  payloadIn,
  untilAllHear,
} from '../kit/subscription.ts';

export const title = 'one event to many subscribers, WebSocket or SSE: time to the last';

const SERVERS = join(import.meta.dirname, '../servers');
const EVENTS_A_ROUND = 5;

export async function run(bench: Bench): Promise<Measured> {
  const subscribers = bench.size(200, 5_000);
  const database = join(bench.folder, 'qunfa.sqlite');
  await createDatabase(database);
  await using gateway = await bench.startGateway({ database });
  const payload = await payloadOf(gateway);
  const start = (kind: string) => startServer({ script: join(SERVERS, 'events.ts'), args: [kind] });
  await using ws = await start('ws');
  await using sse = await start('sse');
  await using graphqlWs = await start('graphql-ws');
  await using yoga = await start('yoga');
  await using mercurius = await startServer({
    script: join(SERVERS, 'mercurius.ts'),
    args: [await databaseOf(1_000)],
    env: { NODE_ENV: 'production' },
  });
  const measure =
    (server: Server, transport: Transport, createFor: (url: string) => Publisher) => async () => {
      const crowd = await openCrowd({ url: server.url, transport, count: subscribers, document: EVENTS });
      const publisher = createFor(server.url);
      try {
        await untilAllHear(crowd, publisher);
        // Ids and times are those of one event; all else must be the same.
        const { events } = JSON.parse(payloadIn(crowd.sample())).data;
        const { events: expected } = JSON.parse(payload).data;
        assert.deepEqual(
          { ...events, id: '', at: '', msgId: '' },
          { ...expected, id: '', at: '', msgId: '' },
        );
        const times: number[] = [];
        for (let event = 0; event < EVENTS_A_ROUND; event++) times.push(await timeToLast(crowd, publisher));
        return median(times);
      } finally {
        await crowd.close();
        await publisher.close();
      }
    };
  const peer = (server: Server, transport: Transport) =>
    measure(server, transport, (url) => createPublisher(url, payload));
  const found = await interleaved(Math.min(bench.rounds, 3), {
    'qunfa, WebSocket': measure(gateway, 'graphql-ws', createPusher),
    'bare ws': peer(ws, 'ws'),
    'graphql-ws': peer(graphqlWs, 'graphql-ws'),
    mercurius: peer(mercurius, 'graphql-ws'),
    'qunfa, SSE': measure(gateway, 'graphql-sse', createPusher),
    'bare node:http': peer(sse, 'sse'),
    'Yoga, SSE': peer(yoga, 'graphql-sse'),
  });
  return {
    setup: `${subscribers.toLocaleString('en')} subscribers, ${EVENTS_A_ROUND} events a round; the gateway also verifies, reads and commits the push that it tells of`,
    series: Object.entries(found).map(([name, values]) => ({ name, unit: 'ms', values })),
    comparisons: [
      { of: 'qunfa, WebSocket', to: 'bare ws', atMost: 1, against: 'floor' },
      { of: 'qunfa, SSE', to: 'bare node:http', atMost: 1.25, against: 'floor' },
      { of: 'graphql-ws', to: 'bare ws', against: 'limit' },
      { of: 'graphql-ws', to: 'qunfa, WebSocket', atLeast: 4, against: 'peer' },
      { of: 'mercurius', to: 'qunfa, WebSocket', atLeast: 4, against: 'peer' },
      { of: 'Yoga, SSE', to: 'qunfa, SSE', atLeast: 3, against: 'peer' },
    ],
  };
}

async function timeToLast(crowd: Crowd, publisher: Publisher): Promise<number> {
  const msgId = publisher.prepare();
  const heard = crowd.heard(msgId);
  const startedAt = performance.now();
  const published = publisher.publish(msgId);
  const last = await heard;
  await published;
  return last - startedAt;
}

/** What a subscriber of the gateway gets, for the others to send the same. */
async function payloadOf(gateway: Gateway): Promise<string> {
  const crowd = await openCrowd({ url: gateway.url, transport: 'graphql-ws', count: 1, document: EVENTS });
  const pusher = createPusher(gateway.url);
  await untilAllHear(crowd, pusher);
  await crowd.close();
  await pusher.close();
  return payloadIn(crowd.sample());
}
