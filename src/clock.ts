/** Time as a dependency: tests and the sandbox run on a clock of their own. */
export interface Clock {
  now(): Date;
  /** Calls back once after `milliseconds`; the answer takes it back. */
  after(milliseconds: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => new Date(),
  after(milliseconds, callback) {
    // A longer delay overflows Node's timer and would fire at once; whoever waits that long looks again earlier.
    const timer = setTimeout(callback, Math.min(Math.max(milliseconds, 0), 2 ** 31 - 1));
    return () => clearTimeout(timer);
  },
};

/** Resolves after `milliseconds` on the clock, or at once when the signal aborts. */
export const sleep = (clock: Clock, milliseconds: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(milliseconds, done);
    signal?.addEventListener('abort', done, { once: true });
  });
