import { type Clock, sleep } from './clock.ts';

/** Whoever asks whether a process is ready gives up after a few seconds. */
const ANSWER_WITHIN_MS = 2_000;

/** Ready to serve: not closing, and the database answers in time and is one that this gateway can use. */
export function createReadiness(deps: {
  isClosing: () => boolean;
  isUsable: () => Promise<boolean>;
  /** Reads something that every request needs. */
  read: () => Promise<unknown>;
  clock: Clock;
}): () => Promise<boolean> {
  const { isClosing, isUsable, read, clock } = deps;

  async function answers(): Promise<boolean> {
    try {
      await read();
      return await isUsable();
    } catch {
      return false;
    }
  }

  return async () => {
    if (isClosing()) return false;
    const enough = new AbortController();
    const late = sleep(clock, ANSWER_WITHIN_MS, enough.signal).then(() => false);
    const isReady = await Promise.race([answers(), late]);
    enough.abort();
    return isReady;
  };
}
