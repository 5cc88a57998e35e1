import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';

export interface Loop {
  /** There may be something to do. */
  wake(): void;
  /** Resolves when the step under way is done; no other begins. */
  stop(): Promise<void>;
}

/** Whoever starts a loop in the middle of a request is not who its steps are for: no id of that request goes along. */
const outsideOfRequests = AsyncLocalStorage.snapshot();

/** After a step that threw, and twice as long after each that follows: the database is away, most likely. */
const PAUSE_AFTER_ERROR_MS = { first: 1_000, longest: 30_000 };

/**
 * Does one step after the other, for ever. A step answers when the next is due: a date, null for "only when woken". Being woken while
 * a step is under way counts.
 */
export function startLoop(deps: {
  clock: Clock;
  log: Log;
  step: () => Promise<Date | null>;
  what?: string;
}): Loop {
  const { clock, log, step, what = 'the delivery engine' } = deps;
  let stopped = false;
  let woken = false;
  let interrupt = () => {};
  let pauseMs = PAUSE_AFTER_ERROR_MS.first;

  async function run(): Promise<void> {
    while (!stopped) {
      woken = false;
      const due = await step().then(
        (next) => {
          pauseMs = PAUSE_AFTER_ERROR_MS.first;
          return next;
        },
        (error) => {
          log.error({ error }, `${what} stumbled; it goes on`);
          const again = new Date(clock.now().getTime() + pauseMs);
          pauseMs = Math.min(pauseMs * 2, PAUSE_AFTER_ERROR_MS.longest);
          return again;
        },
      );
      if (stopped || woken || (due && due <= clock.now())) continue;
      await new Promise<void>((resolve) => {
        const cancel = due ? clock.after(due.getTime() - clock.now().getTime(), resolve) : () => {};
        interrupt = () => {
          cancel();
          resolve();
        };
      });
    }
  }

  const running = outsideOfRequests(run);
  const wake = () => {
    woken = true;
    interrupt();
  };
  return {
    wake,
    stop() {
      stopped = true;
      wake();
      return running;
    },
  };
}
