import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface GatewayUnderMeasure extends Disposable {
  url: string;
  /** The most memory it has taken so far, in MB. */
  peakMb(): Promise<number>;
}

/** The real gateway as a process of its own, on a free port and with these settings. */
export async function startUnderMeasure(env: Record<string, string>): Promise<GatewayUnderMeasure> {
  const child = fork(join(import.meta.dirname, 'measured-gateway.ts'), {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: { PATH: process.env.PATH, PORT: '0', ...env },
  });
  const output = child.stdout;
  if (!output) throw new Error('a child with a pipe has an output');
  return {
    url: await addressOf(output),
    async peakMb() {
      child.send('peak');
      const [megabytes] = await once(child, 'message');
      return megabytes;
    },
    [Symbol.dispose]: () => void child.kill('SIGKILL'),
  };
}

async function addressOf(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface(output)) {
    const { msg, url } = JSON.parse(line);
    if (msg !== 'qunfa is ready') continue;
    output.resume();
    return url;
  }
  throw new Error('the gateway did not start');
}
