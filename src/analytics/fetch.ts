import {
  type AnalyticsAnswer,
  AnalyticsOutcome,
  type AnalyticsReport,
  type AnalyticsTry,
} from '../campaigns/analytics.ts';
import type { Day } from '../campaigns/days.ts';
import type { Clock } from '../clock.ts';
import { isDailyQuota, isUnavailable, WechatError } from '../wechat/errors.ts';
import { failuresWith, type Task } from './plan.ts';

export interface AnalyticsStore {
  keepAnswer(
    key: { appId: string; report: AnalyticsReport; day: Day },
    answer: AnalyticsAnswer,
    at: Date,
  ): Promise<number>;
  keepFailure(
    key: { appId: string; report: AnalyticsReport; day: Day },
    error: WechatError,
    outcome: AnalyticsOutcome,
    failures: number,
    at: Date,
  ): Promise<void>;
  tries(appId: string, from: Day): Promise<AnalyticsTry[]>;
  firstDay(appId: string): Promise<Day | null>;
}

export interface AnalyticsFailure extends Task {
  message: string;
  outcome: AnalyticsOutcome;
}

/** What came of a run of tasks. */
export interface FetchResult {
  /** Days of which everything that the account may ask for was answered. */
  days: number;
  calls: number;
  rows: number;
  failures: AnalyticsFailure[];
  /** WeChat, or the way to it, seems to be down; the rest was not asked for. */
  gaveUp: boolean;
}

/** So many failures in a row, and the rest can wait. */
const MOST_FAILURES_IN_A_ROW = 3;

/** Makes the calls of an account, one after the other, and keeps what each says. */
export async function fetchTasks(
  deps: {
    appId: string;
    store: AnalyticsStore;
    fetch: (report: AnalyticsReport, day: Day) => Promise<AnalyticsAnswer>;
    clock: Clock;
    stopped: () => boolean;
  },
  tasks: readonly Task[],
  tries: readonly AnalyticsTry[],
  onDone: (task: Task, result: FetchResult) => void = () => {},
): Promise<FetchResult> {
  const { appId, store, clock } = deps;
  const open = new Set(tasks.map(({ day }) => day));
  const result: FetchResult = { days: 0, calls: 0, rows: 0, failures: [], gaveUp: false };
  const unavailable = new Set<AnalyticsReport>();
  let inARow = 0;

  async function fetchOne(task: Task): Promise<AnalyticsOutcome> {
    const key = { appId, ...task };
    result.calls++;
    try {
      const answer = await deps.fetch(task.report, task.day);
      result.rows += await store.keepAnswer(key, answer, clock.now());
      return AnalyticsOutcome.ANSWERED;
    } catch (error) {
      if (!(error instanceof WechatError)) throw error;
      const outcome = outcomeOf(error);
      const last = tries.find(({ report, day }) => report === task.report && day === task.day);
      const now = clock.now();
      await store.keepFailure(key, error, outcome, failuresWith(last, now), now);
      result.failures.push({ ...task, message: error.message, outcome });
      return outcome;
    }
  }

  for (const [index, task] of tasks.entries()) {
    result.gaveUp = inARow >= MOST_FAILURES_IN_A_ROW;
    if (deps.stopped() || result.gaveUp) break;
    if (!unavailable.has(task.report)) {
      const outcome = await fetchOne(task);
      if (outcome === AnalyticsOutcome.QUOTA) break;
      if (outcome === AnalyticsOutcome.UNAVAILABLE) unavailable.add(task.report);
      inARow = outcome === AnalyticsOutcome.FAILED ? inARow + 1 : 0;
      if (outcome === AnalyticsOutcome.FAILED) open.delete(task.day);
    }
    const isLastOfDay = !tasks.slice(index + 1).some(({ day }) => day === task.day);
    if (isLastOfDay && open.has(task.day)) result.days++;
    onDone(task, result);
  }
  return result;
}

function outcomeOf(error: WechatError): AnalyticsOutcome {
  if (isDailyQuota(error)) return AnalyticsOutcome.QUOTA;
  return isUnavailable(error) ? AnalyticsOutcome.UNAVAILABLE : AnalyticsOutcome.FAILED;
}
