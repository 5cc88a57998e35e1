import { type AnalyticsAnswer, AnalyticsOutcome, type AnalyticsReport } from '../campaigns/analytics.ts';
import { type Day, daysBetween } from '../campaigns/days.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { startLoop } from '../loop.ts';
import { type AnalyticsStore, type FetchResult, fetchTasks } from './fetch.ts';
import { allTasks, FIRST_PAUSE_MS, nextOpening, planTasks, windowStart } from './plan.ts';

export interface Progress {
  done: number;
  of: number;
  day: Day;
}

export interface AnalyticsSync {
  /** Fetches every report of these days, whatever is known of them. */
  span(appId: string, from: Day, to: Day, onProgress?: (progress: Progress) => void): Promise<FetchResult>;
  /** Fetches from now on what is missing, every day. */
  start(): void;
  /** Resolves when the calls under way are done; no other begins. */
  stop(): Promise<void>;
}

export function createAnalyticsSync(deps: {
  accounts: readonly { appId: string }[];
  wechat: (appId: string) => {
    analytics(report: AnalyticsReport, day: Day): Promise<AnalyticsAnswer>;
  };
  store: AnalyticsStore;
  clock: Clock;
  log: Log;
}): AnalyticsSync {
  const { store, clock, log } = deps;
  let stopping = false;
  const turns = new Map<string, Promise<unknown>>();

  /** One after the other: an account has one call under way, whoever wants it. */
  function inTurn<T>(appId: string, work: () => Promise<T>): Promise<T> {
    const mine = (turns.get(appId) ?? Promise.resolve()).then(work);
    turns.set(
      appId,
      mine.catch(() => {}),
    );
    return mine;
  }

  const fetching = (appId: string) => ({
    appId,
    store,
    fetch: deps.wechat(appId).analytics,
    clock,
    stopped: () => stopping,
  });

  async function catchUp(appId: string): Promise<Date | null> {
    const now = clock.now();
    const firstDay = await store.firstDay(appId);
    if (firstDay === null) return nextOpening(now);
    const tries = await store.tries(appId, windowStart(now));
    const { tasks, next } = planTasks(now, firstDay, tries);
    if (tasks.length === 0) return next;
    const result = await fetchTasks(fetching(appId), tasks, tries).catch((error) => {
      // What was asked for is asked for again, and the account has so many calls a day.
      log.error({ error, appId }, 'analytics could not be kept; they are asked for again in five minutes');
      return null;
    });
    if (!result) return new Date(clock.now().getTime() + FIRST_PAUSE_MS);
    if (result.calls > 0) report(appId, { from: tasks[0]!.day, to: tasks.at(-1)!.day }, result);
    return result.gaveUp ? new Date(clock.now().getTime() + FIRST_PAUSE_MS) : now;
  }

  function report(
    appId: string,
    span: { from: Day; to: Day },
    { failures, gaveUp: _, ...counts }: FetchResult,
  ): void {
    // What the account may not ask for is nothing to be warned of every day.
    const failure = failures.find(({ outcome }) => outcome !== AnalyticsOutcome.UNAVAILABLE);
    const level = failure ? 'warn' : 'info';
    const what = failure ? `some analytics did not come: ${failure.message}` : 'analytics fetched';
    log[level]({ appId, ...span, ...counts, failures: failures.length }, what);
  }

  const loops: { stop(): Promise<void> }[] = [];
  return {
    span: (appId, from, to, onProgress = () => {}) =>
      inTurn(appId, async () => {
        const tasks = allTasks(daysBetween(from, to));
        const tries = await store.tries(appId, from);
        let done = 0;
        const result = await fetchTasks(fetching(appId), tasks, tries, ({ day }) =>
          onProgress({ done: ++done, of: tasks.length, day }),
        );
        report(appId, { from, to }, result);
        return result;
      }),
    start() {
      for (const { appId } of deps.accounts) {
        const step = () => inTurn(appId, () => catchUp(appId));
        loops.push(startLoop({ clock, log, step, what: 'the analytics sync' }));
      }
    },
    async stop() {
      stopping = true;
      await Promise.all(loops.map((loop) => loop.stop()));
      await Promise.all(turns.values());
    },
  };
}
