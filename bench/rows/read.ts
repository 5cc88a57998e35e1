import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Client } from 'undici';
import { databaseOf } from '../kit/database.ts';
import { exchange, graphqlRequest, load } from '../kit/load.ts';
import { type Server, startServer } from '../kit/processes.ts';
import { READ_QUERY, READ_VARIABLES } from '../kit/read-query.ts';
import { interleaved } from '../kit/rounds.ts';
import type { Bench, Measured } from '../kit/row.ts';

export const title = '`campaigns(first: 20)` with articles, 32 connections';

const CONNECTIONS = 32;

const request = graphqlRequest(READ_QUERY, READ_VARIABLES);

export async function run(bench: Bench): Promise<Measured> {
  const campaigns = bench.size(10_000, 100_000);
  const seconds = bench.size(0.5, 3, 5);
  const database = await databaseOf(campaigns);
  const start = (script: string) =>
    startServer({
      script: join(import.meta.dirname, '../servers', script),
      args: [database],
      env: { NODE_ENV: 'production' },
    });
  await using gateway = await bench.startGateway({ database });
  await using floor = await start('read-floor.ts');
  await using mercurius = await start('mercurius.ts');
  await using yoga = await start('yoga-manual.ts');
  const body = await bodyOf(gateway);
  for (const other of [floor, mercurius, yoga]) {
    assert.deepEqual(JSON.parse(await bodyOf(other)), JSON.parse(body), 'all must answer the same');
  }
  const measure = (server: Server) => async () => {
    const length = Buffer.byteLength(await bodyOf(server));
    const before = await server.usage();
    const { perSecond, requests } = await load({
      url: server.url,
      connections: CONNECTIONS,
      seconds,
      next: () => request,
      check: (status, { byteLength }) => {
        if (status !== 200 || byteLength !== length) throw new Error(`HTTP ${status}, ${byteLength} bytes`);
      },
    });
    const after = await server.usage();
    return { '': perSecond, CPU: (after.cpuMicros - before.cpuMicros) / requests };
  };
  const found = await interleaved(bench.rounds, {
    qunfa: measure(gateway),
    'SQL without GraphQL': measure(floor),
    'mercurius, JIT, loaders': measure(mercurius),
    'Yoga, Pothos, drizzle, DataLoader': measure(yoga),
  });
  return {
    setup: `${campaigns.toLocaleString('en')} campaigns, ${CONNECTIONS} connections, ${seconds} s a round, a body of ${body.length} bytes`,
    series: Object.entries(found).map(([name, values]) => ({
      name,
      unit: name.endsWith('CPU') ? 'µs' : '/s',
      values,
    })),
    comparisons: [
      { of: 'qunfa', to: 'SQL without GraphQL', atLeast: 0.75, against: 'floor' },
      { of: 'qunfa', to: 'mercurius, JIT, loaders', atLeast: 1.4, against: 'peer' },
      { of: 'qunfa', to: 'Yoga, Pothos, drizzle, DataLoader', atLeast: 4, against: 'peer' },
    ],
  };
}

async function bodyOf({ url }: Server): Promise<string> {
  const client = new Client(url);
  const { status, body } = await exchange(client, request);
  await client.close();
  assert.equal(status, 200, body.toString());
  return body.toString();
}
