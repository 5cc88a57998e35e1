import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { BrokenEngine } from './broken-engines.ts';
import type { BeginMessage } from './gateway-process.ts';
import type { KillOrder } from './kill-points.ts';

/** One life of the gateway, from its start to its kill. */
export interface Life {
  kill(): void;
  /** Resolves once the process is gone. Rejects where it ended in another way than by SIGKILL. */
  ended: Promise<void>;
}

/** The gateway as a process that is killed and begins again, always on the same database. */
export interface GatewayLives {
  begin(order: KillOrder | null): Promise<Life>;
  close(): Promise<void>;
}

/** As much of what a process said as helps to see why it died. */
const LAST_WORDS = 4_000;

export function createGatewayLives(deps: {
  /** The file that `bundleGateway` made. */
  program: string;
  env: Record<string, string>;
  broken: BrokenEngine | null;
  /** Lines that a gateway logged. */
  onLog: (text: string) => void;
}): GatewayLives {
  const { program, env, broken, onLog } = deps;
  let standby = load();
  let current: Life | undefined;

  /** A process that has everything loaded and waits to be told. */
  function load() {
    const child = spawn(process.execPath, [program], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { PATH: process.env.PATH, ...env },
    });
    return { child, loaded: once(child, 'message'), ended: endOf(child) };
  }

  async function endOf(child: ChildProcess): Promise<void> {
    let said = '';
    const listen = (chunk: Buffer) => {
      said = (said + chunk).slice(-LAST_WORDS);
      onLog(String(chunk));
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    const [code, signal] = await once(child, 'exit');
    if (signal !== 'SIGKILL') throw new Error(`the gateway ended by itself (${signal ?? code}):\n${said}`);
  }

  return {
    async begin(order) {
      const { child, loaded, ended } = standby;
      await Promise.race([loaded, ended]);
      const message: BeginMessage = { order, broken };
      child.send(message);
      standby = load();
      current = { kill: () => void child.kill('SIGKILL'), ended };
      return current;
    },
    async close() {
      current?.kill();
      standby.child.kill('SIGKILL');
      await Promise.all([current?.ended, standby.ended]);
    },
  };
}
