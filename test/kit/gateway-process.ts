import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createTestDatabase } from './database.ts';

const BIN = join(import.meta.dirname, '../../bin/qunfa.js');

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface GatewayProcess extends AsyncDisposable {
  child: ChildProcess;
  /** What it says it is ready at. Rejects where it ends before. */
  ready: Promise<{ url: string; [field: string]: unknown }>;
  ended: Promise<Ended>;
  /** Resolves once this is in its log. */
  said(message: string): Promise<void>;
}

/** The gateway as a process of its own, or below a shell of its own, in an empty folder and with no settings but these. */
export function startProcess(
  env: Record<string, string>,
  {
    nodeOptions = [],
    options = [],
    below = 'nothing',
  }: { nodeOptions?: string[]; options?: string[]; below?: 'nothing' | 'sh' } = {},
): GatewayProcess {
  const cwd = mkdtempSync(join(tmpdir(), 'qunfa-process-'));
  const { PATH = '' } = process.env;
  const command = [process.execPath, ...nodeOptions, BIN, ...options];
  // With more to do, the shell cannot give its place to the last command.
  const [file = '', ...args] = below === 'sh' ? ['sh', '-c', '"$@"; exit $?', 'sh', ...command] : command;
  const child = spawn(file, args, {
    cwd,
    env: { PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  const heard = new EventEmitter();
  child.stdout.on('data', (chunk: Buffer) => {
    output.stdout += chunk;
    heard.emit('more');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output.stderr += chunk;
  });
  const ended = once(child, 'close').then(([code, signal]) => {
    rmSync(cwd, { recursive: true, force: true });
    return { code, signal, ...output };
  });
  const ready = (async () => {
    for await (const line of createInterface(child.stdout)) {
      const logged = line.startsWith('{') ? JSON.parse(line) : {};
      if (logged.msg === 'qunfa is ready') return logged;
    }
    const { code, stderr } = await ended;
    throw new Error(`it ended with ${code}: ${stderr}`);
  })();
  ready.catch(() => {});
  return {
    child,
    ready,
    ended,
    async said(message) {
      while (!output.stdout.includes(`"msg":"${message}"`)) await once(heard, 'more');
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** The same, on a database of its own and any free port. */
export async function startOnDatabase(
  env: Record<string, string> = {},
): Promise<GatewayProcess & { databaseUrl: string }> {
  const database = await createTestDatabase();
  const gateway = startProcess({ PORT: '0', DATABASE_URL: database.url, ...env });
  return {
    ...gateway,
    databaseUrl: database.url,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await database.drop();
    },
  };
}
