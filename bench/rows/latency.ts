import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openCrowd, type Transport } from '../kit/crowd.ts';
import { createDatabase } from '../kit/database.ts';
import { type Server, startServer } from '../kit/processes.ts';
import { interleaved, percentile } from '../kit/rounds.ts';
import type { Bench, Measured } from '../kit/row.ts';
import { createPusher, EVENTS, untilAllHear } from '../kit/subscription.ts';

export const title = 'commit to client, p99, many subscribers, 100 events a second';

const RATE = 100;

/** Pushes under way at once: WeChat does not wait for one to be answered before it sends the next. */
const CONNECTIONS = 16;

/** How long the last events may take. */
const PATIENCE_MS = 20_000;

export async function run(bench: Bench): Promise<Measured> {
  const subscribers = bench.size(100, 1_000);
  const seconds = bench.size(1, 4, 10);
  const database = join(bench.folder, 'qunfa.sqlite');
  const other = join(bench.folder, 'bare.sqlite');
  await createDatabase(database);
  await createDatabase(other);
  await using gateway = await bench.startGateway({ database });
  await using bare = await startServer({
    script: join(import.meta.dirname, '../servers/bare-commits.ts'),
    args: [other],
  });
  const measure = (server: Server, transport: Transport) => async () => {
    const crowd = await openCrowd({ url: server.url, transport, count: subscribers, document: EVENTS });
    const pushers = Array.from({ length: CONNECTIONS }, () => createPusher(server.url));
    const first = pushers[0];
    if (!first) throw new Error('there are pushers');
    try {
      await untilAllHear(crowd, first);
      const sentAt = new Map<string, number>();
      const times: number[] = [];
      crowd.onChunk((chunk) => {
        const now = performance.now();
        for (const [, msgId = ''] of chunk.toString('latin1').matchAll(/"msgId":"(\d+)"/g)) {
          const at = sentAt.get(msgId);
          if (at !== undefined) times.push(now - at);
        }
      });
      const events = RATE * seconds;
      const ready = pushers.map((pusher) => ({ pusher, msgIds: [] as string[] }));
      for (let event = 0; event < events; event++) {
        const { pusher, msgIds } = ready[event % CONNECTIONS]!;
        msgIds.push(pusher.prepare());
      }
      const startedAt = performance.now();
      const published: Promise<void>[] = [];
      for (let event = 0; event < events; event++) {
        const due = startedAt + (event * 1000) / RATE;
        if (due > performance.now()) await sleep(due - performance.now());
        const { pusher, msgIds } = ready[event % CONNECTIONS]!;
        const msgId = msgIds.shift()!;
        // From when it was due: a load that comes late must not make the server look faster.
        sentAt.set(msgId, due);
        published.push(pusher.publish(msgId));
      }
      await Promise.all(published);
      const latest = performance.now() + PATIENCE_MS;
      while (times.length < events * subscribers && performance.now() < latest) await sleep(20);
      if (times.length !== events * subscribers)
        throw new Error(`${times.length} of ${events * subscribers} were heard`);
      return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
    } finally {
      await crowd.close();
      for (const pusher of pushers) await pusher.close();
    }
  };
  const found = await interleaved(Math.min(bench.rounds, 3), {
    qunfa: measure(gateway, 'graphql-ws'),
    'bare ws': measure(bare, 'ws'),
  });
  return {
    setup: `${subscribers.toLocaleString('en')} subscribers by WebSocket, ${RATE} pushes a second for ${seconds} s; from when a push was due to when a subscriber has it, commit included`,
    series: Object.entries(found).map(([name, values]) => ({ name, unit: 'ms', values })),
    comparisons: [
      { of: 'qunfa, p99', to: 'bare ws, p99', atMost: 2, against: 'floor' },
      { of: 'qunfa, p50', to: 'bare ws, p50', against: 'floor' },
    ],
  };
}
