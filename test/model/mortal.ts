import type { Clock } from '../../src/clock.ts';
import type { JumpingClock } from './jumping-clock.ts';
import type { Trap } from './schedule.ts';

/** What a trap throws: the only error that may make the engine stumble. */
export class DatabaseAwayError extends Error {
  override name = 'DatabaseAwayError' as const;
}

const never = () => new Promise<never>(() => {});

/** The part of a process that can die: whatever goes through it never comes back after its death. */
export function createMortal(deps: {
  clock: JumpingClock;
  onDeath: (downFor: number) => void;
  sleep: (ms: number) => void;
}) {
  const { clock } = deps;
  const pending = new Set<() => void>();
  let alive = true;
  let traps: Trap[] = [];
  let isSafe = false;

  function die(): void {
    alive = false;
    for (const cancel of pending) cancel();
  }

  async function spring(what: Trap['what']): Promise<void> {
    if (isSafe) return;
    switch (what.kind) {
      case 'dies':
        die();
        return deps.onDeath(what.downFor);
      case 'fails':
        throw new DatabaseAwayError('the database is away');
      case 'sleeps':
        return deps.sleep(what.for);
      case 'is slow':
        return new Promise((resolve) => void clock.after(what.for, resolve));
    }
  }

  async function through<T>(act: () => Promise<T>): Promise<T> {
    if (!alive) return never();
    const due = traps.filter((trap) => --trap.nth === 0);
    traps = traps.filter((trap) => trap.nth > 0);
    for (const { when, what } of due) if (when === 'before') await spring(what);
    if (!alive) return never();
    const result = await act();
    for (const { when, what } of due) if (when === 'after') await spring(what);
    return alive ? result : never();
  }

  /** Timers of this process, which end with it. */
  const ownClock: Clock = {
    now: clock.now,
    after(milliseconds, callback) {
      const cancel = clock.after(milliseconds, () => {
        pending.delete(cancel);
        callback();
      });
      pending.add(cancel);
      return () => {
        pending.delete(cancel);
        cancel();
      };
    },
  };

  return {
    clock: ownClock,
    isAlive: () => alive,
    die,
    arm: (trap: Trap) => void traps.push({ ...trap }),
    /** No trap springs any more. */
    disarm(): void {
      isSafe = true;
    },
    /** The same part, every call of which goes through this process. All its functions are asynchronous. */
    part: <Part extends object>(part: Part): Part =>
      Object.fromEntries(
        Object.entries(part).map(([name, act]) => [
          name,
          (...args: unknown[]) => through(() => act(...args)),
        ]),
      ) as Part,
  };
}
export type Mortal = ReturnType<typeof createMortal>;
