import { join } from 'node:path';
import { databaseOf } from '../kit/database.ts';
import { startGateway } from '../kit/gateway.ts';
import { ask } from '../kit/load.ts';
import { type Server, startServer } from '../kit/processes.ts';
import { READ_QUERY, READ_VARIABLES } from '../kit/read-query.ts';
import { interleaved } from '../kit/rounds.ts';
import type { Bench, Measured } from '../kit/row.ts';

export const title = 'from the start of the process to its first answer';

export async function run(bench: Bench): Promise<Measured> {
  const database = await databaseOf(bench.size(10_000, 100_000));
  const measure = (start: () => Promise<Server>) => async () => {
    const startedAt = performance.now();
    await using server = await start();
    await ask(server.url, READ_QUERY, READ_VARIABLES);
    const seconds = (performance.now() - startedAt) / 1000;
    return { time: seconds, memory: (await server.usage()).rssMb };
  };
  const found = await interleaved(bench.rounds, {
    qunfa: measure(() => startGateway({ database })),
    mercurius: measure(() =>
      startServer({
        script: join(import.meta.dirname, '../servers/mercurius.ts'),
        args: [database],
        env: { NODE_ENV: 'production' },
      }),
    ),
  });
  return {
    setup:
      'a process each round, with files that the system has read before; mercurius with the same schema on the same database',
    series: Object.entries(found).map(([name, values]) => ({
      name,
      unit: name.endsWith('time') ? 's' : 'MB',
      values,
    })),
    comparisons: [
      { of: 'qunfa, time', to: 'mercurius, time', atMost: 1, against: 'peer' },
      { of: 'qunfa, memory', to: 'mercurius, memory', against: 'peer' },
    ],
  };
}
