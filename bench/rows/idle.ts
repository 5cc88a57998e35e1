import { join } from 'node:path';
import { openCrowd, type Transport } from '../kit/crowd.ts';
import { createDatabase, databaseOf } from '../kit/database.ts';
import { type Server, startServer } from '../kit/processes.ts';
import { interleaved } from '../kit/rounds.ts';
import type { Bench, Measured } from '../kit/row.ts';
import { EVENTS } from '../kit/subscription.ts';

export const title = 'memory of an idle subscriber';

const SERVERS = join(import.meta.dirname, '../servers');

export async function run(bench: Bench): Promise<Measured> {
  const subscribers = bench.size(1_000, 3_000, 5_000);
  const database = join(bench.folder, 'qunfa.sqlite');
  await createDatabase(database);
  const campaigns = await databaseOf(1_000);
  const events = (kind: string) => startServer({ script: join(SERVERS, 'events.ts'), args: [kind] });
  const gateway = () => bench.startGateway({ database });
  const mercurius = () =>
    startServer({
      script: join(SERVERS, 'mercurius.ts'),
      args: [campaigns],
      env: { NODE_ENV: 'production' },
    });
  /** A process of its own each time: memory that was given up once is not taken anew. */
  const measure = (start: () => Promise<Server>, transport: Transport) => async () => {
    await using server = await start();
    const open = (count: number) => openCrowd({ url: server.url, transport, count, document: EVENTS });
    // They have what all need in common, fill what was left free at the start, and are served until the code for it is compiled.
    const earlier = await open(subscribers);
    const before = await server.settledUsage();
    const crowd = await open(subscribers);
    const after = await server.settledUsage();
    await Promise.all([earlier.close(), crowd.close()]);
    return ((after.rssMb - before.rssMb) * 1024) / subscribers;
  };
  const found = await interleaved(
    Math.min(bench.rounds, 3),
    {
      'qunfa, WebSocket': measure(gateway, 'graphql-ws'),
      'bare ws': measure(() => events('ws'), 'ws'),
      'graphql-ws': measure(() => events('graphql-ws'), 'graphql-ws'),
      mercurius: measure(mercurius, 'graphql-ws'),
      'qunfa, SSE': measure(gateway, 'graphql-sse'),
      'bare node:http': measure(() => events('sse'), 'sse'),
      'Yoga, SSE': measure(() => events('yoga'), 'graphql-sse'),
    },
    false,
  );
  return {
    setup: `${subscribers.toLocaleString('en')} subscribers beside as many, RSS once all garbage is collected and its room given back, in a new process each round`,
    series: Object.entries(found).map(([name, values]) => ({ name, unit: 'KB', values })),
    comparisons: [
      { of: 'qunfa, WebSocket', to: 'bare ws', atMost: 1.4, against: 'floor' },
      { of: 'qunfa, SSE', to: 'bare node:http', atMost: 1.15, against: 'floor' },
      { of: 'qunfa, WebSocket', to: 'graphql-ws', atMost: 0.25, against: 'peer' },
      { of: 'qunfa, WebSocket', to: 'mercurius', against: 'peer' },
      { of: 'qunfa, SSE', to: 'Yoga, SSE', atMost: 0.33, against: 'peer' },
    ],
  };
}
