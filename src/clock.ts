/** Time as a dependency: tests and the sandbox run on a clock of their own. */
export interface Clock {
  now(): Date;
  /** Calls back once after `milliseconds`; the answer takes it back. */
  after(milliseconds: number, callback: () => void): () => void;
}

/** How long Node's timers are waited for before the clock is looked at again: they stand still while a machine sleeps. */
const LONGEST_TIMER_MS = 60_000;

export const systemClock: Clock = {
  now: () => new Date(),
  after(milliseconds, callback) {
    const [at, steadyAt] = [Date.now() + milliseconds, performance.now() + milliseconds];
    let timer: NodeJS.Timeout;
    const wait = (left: number): void => {
      const isLast = left <= LONGEST_TIMER_MS;
      timer = setTimeout(isLast ? callback : again, Math.max(isLast ? left : LONGEST_TIMER_MS, 0));
    };
    // Whichever comes first: a clock that is set back keeps nobody waiting either.
    const again = () => wait(Math.min(at - Date.now(), steadyAt - performance.now()));
    wait(milliseconds);
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
