import type { Clock } from '../clock.ts';

export interface PeriodCounter {
  /** Uses in the current period. */
  used(): number;
  add(): void;
}

/** Counts uses within the current day or month, whichever `periodOf` names, and starts over with the next. */
export function createPeriodCounter(clock: Clock, periodOf: (at: Date) => string): PeriodCounter {
  let period = '';
  let used = 0;
  const roll = () => {
    const current = periodOf(clock.now());
    if (current !== period) used = 0;
    period = current;
  };
  return {
    used() {
      roll();
      return used;
    },
    add() {
      roll();
      used++;
    },
  };
}
