import assert from 'node:assert/strict';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { createDatabase } from '../kit/database.ts';
import { load } from '../kit/load.ts';
import { type Server, startServer } from '../kit/processes.ts';
import { checkTaken, newMsgId, resultPush } from '../kit/pushes.ts';
import { interleaved } from '../kit/rounds.ts';
import type { Bench, Measured } from '../kit/row.ts';

export const title = 'callbacks: verified, read, stored with `synchronous=FULL`, answered';

const CONNECTIONS = 64;
/** The gateway's own verifying and reading, its statements written by hand, and as few commits: what is left is the disk and SQLite. */
const BARE = 'stored together, bare';
const SERVER = join(import.meta.dirname, '../servers/callbacks.ts');

export async function run(bench: Bench): Promise<Measured> {
  const pushes = bench.size(500, 5_000, 20_000);
  const database = join(bench.folder, 'gateway.sqlite');
  const other = join(bench.folder, 'each.sqlite');
  const third = join(bench.folder, 'together.sqlite');
  for (const path of [database, other, third]) await createDatabase(path);
  await using gateway = await bench.startGateway({ database });
  await using nothing = await startServer({ script: SERVER });
  await using each = await startServer({ script: SERVER, args: [other, 'each'] });
  await using together = await startServer({ script: SERVER, args: [third, 'together'] });
  const measure = (server: Server, path?: string) => async () => {
    const waiting = Array.from({ length: pushes }, () => resultPush(newMsgId()));
    const already = path ? storedIn(path) : 0;
    const before = await server.usage();
    const { perSecond } = await load({
      url: server.url,
      connections: CONNECTIONS,
      next: () => waiting.pop() ?? null,
      check: checkTaken,
    });
    const after = await server.usage();
    if (path) assert.equal(storedIn(path) - already, 2 * pushes, 'every push is stored, and its event');
    return { '': perSecond, CPU: (after.cpuMicros - before.cpuMicros) / pushes };
  };
  const found = await interleaved(bench.rounds, {
    qunfa: measure(gateway, database),
    'without a database': measure(nothing),
    [BARE]: measure(together, third),
    'one transaction each': measure(each, other),
  });
  return {
    setup: `${pushes.toLocaleString('en')} encrypted pushes a round, ${CONNECTIONS} connections`,
    series: Object.entries(found).map(([name, values]) => ({
      name,
      unit: name.endsWith('CPU') ? 'µs' : '/s',
      values,
    })),
    comparisons: [
      { of: 'qunfa', to: 'without a database', atLeast: 0.85, against: 'floor' },
      { of: BARE, to: 'without a database', against: 'limit' },
      { of: 'qunfa', to: 'one transaction each', atLeast: 3, against: 'peer' },
    ],
  };
}

function storedIn(path: string): number {
  const file = new Sqlite(path, { readonly: true });
  const { stored } = file
    .prepare('select (select count(*) from pushes) + (select count(*) from events) as stored')
    .get() as { stored: number };
  file.close();
  return stored;
}
