import { join } from 'node:path';
import { type Server, startServer } from '../kit/processes.ts';
import { interleaved } from '../kit/rounds.ts';
import type { Bench, Measured } from '../kit/row.ts';
import { startScriptedWechat } from '../kit/scripted-wechat.ts';

export const title = 'the client of WeChat, 50 calls under way';

const AT_ONCE = 50;
const BARE = "undici's dispatch, bare";

export async function run(bench: Bench): Promise<Measured> {
  // Fewer are over in a tenth of a second on a raw socket, which says more of the moment than of the contestant.
  const calls = bench.size(1_000, 20_000, 40_000);
  await using wechat = await startScriptedWechat();
  const start = (kind: string) =>
    startServer({
      script: join(import.meta.dirname, '../servers/wechat-client.ts'),
      args: [kind, wechat.url],
    });
  await using qunfa = await start('qunfa');
  await using raw = await start('raw');
  await using undici = await start('undici');
  await using fetching = await start('fetch');
  const measure = (server: Server) => async () => {
    const { perSecond } = await server.ask<{ perSecond: number }>({ calls, atOnce: AT_ONCE });
    return perSecond;
  };
  const found = await interleaved(bench.rounds, {
    qunfa: measure(qunfa),
    'a raw socket': measure(raw),
    [BARE]: measure(undici),
    fetch: measure(fetching),
  });
  return {
    setup: `${calls.toLocaleString('en')} calls a round; the gateway's client with its tokens, checks and verdicts, and no database`,
    series: Object.entries(found).map(([name, values]) => ({ name, unit: '/s', values })),
    comparisons: [
      { of: 'qunfa', to: 'a raw socket', atLeast: 0.55, against: 'floor' },
      { of: 'qunfa', to: BARE, against: 'limit' },
      { of: BARE, to: 'a raw socket', against: 'limit' },
      { of: BARE, to: 'fetch', against: 'limit' },
      { of: 'qunfa', to: 'fetch', atLeast: 5, against: 'peer' },
    ],
  };
}
