import type { Clock } from '../../src/clock.ts';
import { createFakeClock } from '../kit/fake-clock.ts';

export interface JumpingClock extends Clock {
  /** Moves time on and fires what falls due on the way. */
  advance(milliseconds: number): Promise<void>;
  /**
   * Moves the time of day on and no timer: the machine slept, or its clock was set. Timers count on from where they were, as Node's do,
   * which run on a clock that stands still meanwhile.
   */
  jump(milliseconds: number): void;
}

/** @param settled when nothing goes on any more that a timer has set going */
export function createJumpingClock(settled: () => Promise<void>): JumpingClock {
  const steady = createFakeClock(undefined, settled);
  let ahead = 0;
  return {
    now: () => new Date(steady.now().getTime() + ahead),
    after: steady.after,
    advance: steady.advance,
    jump(milliseconds) {
      ahead += milliseconds;
    },
  };
}
