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

export function createJumpingClock(): JumpingClock {
  // A step of the engine is some commits one after the other, and the model has no other input or output.
  const steady = createFakeClock(undefined, 40);
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
