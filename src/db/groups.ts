import type { Queries, Step } from './database.ts';

interface Waiting {
  work: (tx: Queries) => Step<unknown>;
  resolve: (result: unknown) => void;
  reject: (reason: unknown) => void;
}

/** Of the event loop, so that whoever came first does not wait for ever. */
const MOST_TURNS = 16;

/**
 * Runs in one transaction all that is asked for in one turn of the event loop, in the order in which it was asked for: the disk is waited
 * for once. None is answered before the commit, and one that fails takes no other down: each is then tried alone.
 */
export function createGroups(
  /** Called one after the other, as nothing here runs two at a time. */
  transaction: <T>(work: (tx: Queries) => Step<T>) => Promise<T>,
) {
  const listeners = new Set<() => void>();
  let waiting: Waiting[] = [];
  let running: Promise<void> | null = null;
  let lastSize = 0;
  let failures = 0;

  function atomically<T>(work: (tx: Queries) => Step<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      waiting.push({ work, resolve: resolve as Waiting['resolve'], reject });
      running ??= runAll();
    });
  }

  async function runAll(): Promise<void> {
    while (waiting.length > 0) {
      await moreToCome();
      const group = waiting;
      waiting = [];
      lastSize = group.length;
      await commit(group);
    }
    running = null;
  }

  async function moreToCome(): Promise<void> {
    await untilNoMoreCome();
    // Those who were answered together come back one by one, and the first of them would get a commit of its own.
    if (waiting.length >= lastSize / 4) return;
    await new Promise((resolve) => setTimeout(resolve, 1));
    await untilNoMoreCome();
  }

  /** As long as every turn brings more, the commit is worth waiting with. */
  async function untilNoMoreCome(): Promise<void> {
    for (let turns = 0, before = 0; turns < MOST_TURNS && waiting.length > before; turns++) {
      before = waiting.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async function commit(group: readonly Waiting[]): Promise<void> {
    let at = 'beginning' as 'beginning' | 'working' | 'committing';
    try {
      const results = await transaction(function* (tx): Step<unknown[]> {
        at = 'working';
        const done: unknown[] = [];
        for (const { work } of group) done.push(yield* work(tx));
        at = 'committing';
        return done;
      });
      for (const listener of listeners) listener();
      for (const [index, { resolve }] of group.entries()) resolve(results[index]);
    } catch (error) {
      failures += 1;
      // Whether a commit that failed has happened is not known, and one that cannot begin is not the fault of any.
      if (group.length === 1 || at !== 'working') for (const { reject } of group) reject(error);
      else for (const one of group) await commit([one]);
    }
  }

  return {
    atomically,
    onCommit(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    failures: () => failures,
    /** Resolves when nothing is waiting or under way. */
    async settled(): Promise<void> {
      while (running) await running;
    },
  };
}
