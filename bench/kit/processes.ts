import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onServerCore } from './cores.ts';

const PROBE = join(import.meta.dirname, 'probe.ts');

export interface Usage {
  /** Of all threads, since the start. */
  cpuMicros: number;
  rssMb: number;
  /** The most it has ever taken. */
  peakMb: number;
}

export interface Server extends AsyncDisposable {
  /** `http://host:port`; empty where it serves nobody. */
  url: string;
  usage(): Promise<Usage>;
  /** Once all garbage is collected, and the room that it took given back. */
  settledUsage(): Promise<Usage>;
  /** Sends it a message and gives its answer. */
  ask<T>(message: object): Promise<T>;
  /** Lets it end by itself. */
  stop(): Promise<void>;
}

export interface ServerToStart {
  /** A file of JavaScript or TypeScript. */
  script: string;
  args?: readonly string[];
  env?: Record<string, string>;
  nodeOptions?: readonly string[];
}

/** A process on the core of the servers, in an empty folder, with no settings but these. Resolves once it has logged its address. */
export async function startServer({
  script,
  args = [],
  env = {},
  nodeOptions = [],
}: ServerToStart): Promise<Server> {
  const cwd = mkdtempSync(join(tmpdir(), 'qunfa-bench-process-'));
  const node = [process.execPath, '--import', PROBE, ...nodeOptions, script, ...args];
  const [file = '', ...rest] = onServerCore(node);
  const child = spawn(file, rest, {
    cwd,
    env: { PATH: process.env.PATH, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').finally(() => rmSync(cwd, { recursive: true, force: true }));
  const output = child.stdout;
  if (!output) throw new Error('a child with a pipe has an output');
  const url = await addressIn(output);

  async function ask<T>(message: object | string): Promise<T> {
    const answer = once(child, 'message');
    child.send(message);
    return (
      await Promise.race([answer, ended.then(() => Promise.reject(new Error(`${script} has ended`)))])
    )[0];
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    child.kill(signal);
    await ended;
  }

  return {
    url,
    ask,
    usage: () => ask('usage'),
    settledUsage: () => ask('settled usage'),
    stop: () => end('SIGTERM'),
    [Symbol.asyncDispose]: () => end('SIGKILL'),
  };
}

async function addressIn(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface(output)) {
    if (!line.startsWith('{')) continue;
    const { url } = JSON.parse(line);
    if (typeof url !== 'string') continue;
    output.resume();
    return url;
  }
  throw new Error('the process ended before it was ready');
}
