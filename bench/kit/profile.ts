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
  const nodeOptions = [
    '--cpu-prof',
    '--cpu-prof-interval=500',
    `--cpu-prof-dir=${folder}`,
    `--cpu-prof-name=${file}`,
  ];
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

/** Ten lines of the longest functions and one of all by library, of the time that was not spent waiting. */
function longestIn({ nodes, samples, timeDeltas, startTime }: Profile, from: number): string[] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const byName = new Map<string, number>();
  const byPart = new Map<string, number>();
  let busy = 0;
  let at = startTime;
  for (const [index, id] of samples.entries()) {
    at += timeDeltas[index] ?? 0;
    const frame = frames.get(id);
    if (!frame || at < from || frame.functionName === '(idle)') continue;
    const took = timeDeltas[index + 1] ?? 0;
    busy += took;
    const place = placeOf(frame);
    const name = `${frame.functionName || '(anonymous)'} ${place}:${frame.lineNumber + 1}`;
    const part = partOf(place) || (frame.functionName === '(garbage collector)' ? 'garbage' : 'Node');
    byName.set(name, (byName.get(name) ?? 0) + took);
    byPart.set(part, (byPart.get(part) ?? 0) + took);
  }
  const longest = (times: Map<string, number>) =>
    [...times]
      .sort(([, one], [, other]) => other - one)
      .slice(0, 10)
      .map(([name, took]) => [((took / busy) * 100).toFixed(1), name]);
  return [
    ...longest(byName).map(([share = '', name]) => `${share.padStart(6)}%  ${name}`),
    `by library: ${longest(byPart)
      .map(([share, name]) => `${name} ${share}%`)
      .join(', ')}`,
  ];
}

type Frame = Profile['nodes'][number]['callFrame'];

const placeOf = ({ url }: Frame): string =>
  (url.startsWith('file:') ? fileURLToPath(url).replace(`${ROOT}/`, '') : url).replace(
    /^.*node_modules\//,
    '',
  );

/** A library by its name, the gateway's own by its folder. */
const partOf = (place: string): string =>
  place.startsWith('node:')
    ? ''
    : place
        .split('/')
        .slice(0, /^(?:@|src\/)/.test(place) ? 2 : 1)
        .join('/');
