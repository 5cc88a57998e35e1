import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Gateway, type GatewayToStart, startGateway } from './gateway.ts';

const ROOT = join(import.meta.dirname, '../..');

interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  samples: number[];
  /** Microseconds. */
  timeDeltas: number[];
  startTime: number;
}

/** The gateway, profiled: the profile is written when it is disposed of, and its longest functions are told. */
export async function startProfiled(options: GatewayToStart, name: string): Promise<Gateway> {
  const folder = join(process.cwd(), 'profiles');
  mkdirSync(folder, { recursive: true });
  const file = `${name}.cpuprofile`;
  const nodeOptions = ['--cpu-prof', '--cpu-prof-interval=500', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${file}`];
  const gateway = await startGateway({ ...options, nodeOptions });
  // V8's clock is the system's monotonic one, as is this.
  const readyAt = Number(process.hrtime.bigint() / 1000n);
  return {
    ...gateway,
    async [Symbol.asyncDispose]() {
      await gateway.stop();
      const path = join(folder, file);
      console.log(`${path}, since it was ready:`);
      console.log(longestIn(JSON.parse(readFileSync(path, 'utf8')), readyAt).join('\n'));
    },
  };
}

/** Ten lines: where the time went that was not spent waiting, by function. */
function longestIn({ nodes, samples, timeDeltas, startTime }: Profile, from: number): string[] {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const times = new Map<string, number>();
  let busy = 0;
  let at = startTime;
  for (const [index, id] of samples.entries()) {
    at += timeDeltas[index] ?? 0;
    const name = names.get(id) ?? '';
    if (at < from || name === '(idle)') continue;
    const took = timeDeltas[index + 1] ?? 0;
    busy += took;
    times.set(name, (times.get(name) ?? 0) + took);
  }
  return [...times]
    .sort(([, one], [, other]) => other - one)
    .slice(0, 10)
    .map(([name, took]) => `${((took / busy) * 100).toFixed(1).padStart(6)}%  ${name}`);
}

function nameOf({ functionName, url, lineNumber }: Profile['nodes'][number]['callFrame']): string {
  const file = url.startsWith('file:') ? fileURLToPath(url).replace(`${ROOT}/`, '') : url;
  return `${functionName || '(anonymous)'}${file ? ` ${file.replace(/^.*node_modules\//, '')}:${lineNumber + 1}` : ''}`;
}
