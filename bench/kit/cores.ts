import { execFileSync, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** The server has a core of its own where the system can give it one, and the load another. */
export const CAN_PIN = availableParallelism() > 1 && spawnSync('taskset', ['-V']).status === 0;

const SERVER_CORE = '0';
const LOAD_CORE = '1';

/** The command that runs a server on its core. */
export const onServerCore = (command: readonly string[]): string[] =>
  CAN_PIN ? ['taskset', '-c', SERVER_CORE, ...command] : [...command];

/** Moves this process, and all that it starts on its own, to the core of the load. */
export function moveToLoadCore(): void {
  // With -a: the threads that Node has started already too.
  if (CAN_PIN)
    execFileSync('taskset', ['-a', '-p', '-c', LOAD_CORE, String(process.pid)], { stdio: 'ignore' });
}
