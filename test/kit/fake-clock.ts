import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../src/clock.ts';

export interface FakeClock extends Clock {
  /**
   * Moves time on by so many milliseconds and fires what falls due on the way, in order. What a timer sets going runs until it
   * waits for input or output, or for another timer, before the next one fires.
   */
  advance(milliseconds: number): Promise<void>;
  /** Somebody sets it right: it was so far ahead. What is waited for comes no later for that. */
  setBack(milliseconds: number): void;
  /** Resolves once somebody waits for the moment that is so many milliseconds away: what went before is over then. */
  waitForTimer(milliseconds: number): Promise<void>;
}

interface Timer {
  at: number;
  callback: () => void;
}

/**
 * A clock that stands still until it is told.
 * @param start 10 a.m. on a Monday in Beijing, at the beginning of a month, unless told
 * @param settled when the next timer may fire: in the next turn of the event loop, unless told
 */
export function createFakeClock(
  start = new Date('2026-06-01T02:00:00.000Z'),
  settled: () => Promise<void> = setImmediate,
): FakeClock {
  const timers = new Set<Timer>();
  const watchers = new Set<(timer: Timer) => void>();
  let now = start.getTime();

  const nextDue = (by: number): Timer | undefined =>
    [...timers].filter(({ at }) => at <= by).sort((one, other) => one.at - other.at)[0];

  return {
    now: () => new Date(now),
    after(milliseconds, callback) {
      const timer = { at: now + Math.max(milliseconds, 0), callback };
      timers.add(timer);
      for (const watch of watchers) watch(timer);
      return () => void timers.delete(timer);
    },
    setBack(milliseconds) {
      now -= milliseconds;
      for (const timer of timers) timer.at -= milliseconds;
    },
    waitForTimer(milliseconds) {
      const due = now + milliseconds;
      if ([...timers].some(({ at }) => at === due)) return Promise.resolve();
      return new Promise((resolve) => {
        const watch = ({ at }: Timer) => {
          if (at !== due) return;
          watchers.delete(watch);
          resolve();
        };
        watchers.add(watch);
      });
    },
    async advance(milliseconds) {
      const end = now + milliseconds;
      await settled();
      for (let timer = nextDue(end); timer; timer = nextDue(end)) {
        timers.delete(timer);
        now = timer.at;
        timer.callback();
        await settled();
      }
      now = end;
    },
  };
}
