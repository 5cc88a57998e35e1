import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Client } from 'undici';
import { cursorAt, databaseOf } from '../kit/database.ts';
import { exchange, graphqlRequest, type LoadRequest, load } from '../kit/load.ts';
import { type Server, startServer } from '../kit/processes.ts';
import { READ_QUERY, READ_VARIABLES } from '../kit/read-query.ts';
import { interleaved } from '../kit/rounds.ts';
import type { Bench, Comparison, Measured } from '../kit/row.ts';

export const title = '`campaigns(first: 20)` with articles, 32 connections';

const CONNECTIONS = 32;

/** Of a page of twenty, whichever it is. */
const LEAST_BYTES = 5_000;

const FLOOR = 'SQL without GraphQL';
const MERCURIUS = 'mercurius, JIT, loaders';
const YOGA = 'Yoga, Pothos, drizzle, DataLoader';

/** Different pages that are asked for: far more than a server has under way, or keeps anything of. */
const PAGES = 5_000;

export async function run(bench: Bench): Promise<Measured> {
  const campaigns = bench.size(10_000, 100_000);
  const seconds = bench.size(0.5, 2, 5);
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
  const newest = graphqlRequest(READ_QUERY, READ_VARIABLES);
  const others = pagesOf(campaigns);
  for (const request of [newest, others[0]!, others.at(-1)!]) {
    const body = await bodyOf(gateway, request);
    for (const other of [floor, mercurius, yoga])
      assert.deepEqual(JSON.parse(await bodyOf(other, request)), JSON.parse(body), 'all answer the same');
  }
  const measure = (server: Server, requests: readonly LoadRequest[]) => async () => {
    const before = await server.usage();
    let at = 0;
    const { perSecond, requests: count } = await load({
      url: server.url,
      connections: CONNECTIONS,
      seconds,
      next: () => requests[at++ % requests.length]!,
      check(status, body) {
        if (status !== 200 || body.length < LEAST_BYTES) throw new Error(`HTTP ${status}, ${body}`);
      },
    });
    const after = await server.usage();
    return { '': perSecond, CPU: (after.cpuMicros - before.cpuMicros) / count };
  };
  const contestants = Object.entries({ qunfa: gateway, ...named({ floor, mercurius, yoga }) });
  const found = await interleaved(
    bench.rounds,
    Object.fromEntries(
      contestants.flatMap(([name, server]) => [
        [name, measure(server, [newest])],
        [`${name}, any page`, measure(server, others)],
      ]),
    ),
  );
  const goals = (page: string): Comparison[] => [
    { of: `qunfa${page}`, to: `${FLOOR}${page}`, atLeast: 0.75, against: 'floor' },
    { of: `qunfa${page}`, to: `${MERCURIUS}${page}`, atLeast: 1.4, against: 'peer' },
    { of: `qunfa${page}`, to: `${YOGA}${page}`, atLeast: 4, against: 'peer' },
  ];
  return {
    setup: `${campaigns.toLocaleString('en')} campaigns, ${CONNECTIONS} connections, ${seconds} s a round; all ask for the newest page, or each for any of ${PAGES.toLocaleString('en')} others`,
    series: Object.entries(found).map(([name, values]) => ({
      name,
      unit: name.endsWith('CPU') ? 'µs' : '/s',
      values,
    })),
    comparisons: [...goals(''), ...goals(', any page')],
  };
}

const named = <T>({ floor, mercurius, yoga }: Record<'floor' | 'mercurius' | 'yoga', T>) => ({
  [FLOOR]: floor,
  [MERCURIUS]: mercurius,
  [YOGA]: yoga,
});

/** All over the list, in no order. */
function pagesOf(campaigns: number): LoadRequest[] {
  return Array.from({ length: PAGES }, (_, index) => {
    const after = cursorAt(20 + ((index * 7_919) % (campaigns - 20)));
    return graphqlRequest(READ_QUERY, { ...READ_VARIABLES, after });
  });
}

async function bodyOf({ url }: Server, request: LoadRequest): Promise<string> {
  const client = new Client(url);
  const { status, body } = await exchange(client, request);
  await client.close();
  assert.equal(status, 200, body.toString());
  return body.toString();
}
