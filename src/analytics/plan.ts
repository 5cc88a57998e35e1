import { AnalyticsOutcome, AnalyticsReport, type AnalyticsTry } from '../campaigns/analytics.ts';
import { addDays, type Day, dayInBeijing, daysBetween, inBeijing } from '../campaigns/days.ts';

/** From eight o'clock on, in Beijing, WeChat has the figures of the day before; they are given ten minutes more. */
const OPENING_MS = (8 * 60 + 10) * 60_000;

/** How many days a missed report is still fetched for. */
const WINDOW_DAYS = 30;

/** The reports that follow the old ones say nothing of the days before. */
const NEW_REPORTS_SINCE: Day = '2025-11-01';

/** A report that failed is tried again after five minutes, ten, twenty … and then at the next opening. */
const MOST_TRIES = 5;
export const FIRST_PAUSE_MS = 5 * 60_000;

interface Kind {
  report: AnalyticsReport;
  /** For how many days the figures of a day go on growing, with the day itself. */
  grows: number;
  since: Day;
  /** The old report that tells some of the same figures: what comes of it late must not have the last word. */
  follows?: AnalyticsReport;
}

const kinds: readonly Kind[] = [
  { report: AnalyticsReport.ARTICLE_SUMMARY, grows: 1, since: '' },
  { report: AnalyticsReport.ARTICLE_TOTAL, grows: 7, since: '' },
  {
    ...{ report: AnalyticsReport.ARTICLE_READ, grows: 1, since: NEW_REPORTS_SINCE },
    follows: AnalyticsReport.ARTICLE_SUMMARY,
  },
  {
    ...{ report: AnalyticsReport.ARTICLE_SHARE, grows: 1, since: NEW_REPORTS_SINCE },
    follows: AnalyticsReport.ARTICLE_SUMMARY,
  },
  { report: AnalyticsReport.ACCOUNT_SUMMARY, grows: 1, since: NEW_REPORTS_SINCE },
  {
    ...{ report: AnalyticsReport.ARTICLE_TOTAL_DETAIL, grows: 30, since: NEW_REPORTS_SINCE },
    follows: AnalyticsReport.ARTICLE_TOTAL,
  },
];

export interface Task {
  report: AnalyticsReport;
  day: Day;
}

/** Everything that there is of these days, old reports first: where both speak, the new ones have the last word. */
export const allTasks = (days: readonly Day[]): Task[] =>
  days.flatMap((day) =>
    kinds.filter(({ since }) => day >= since).map(({ report }): Task => ({ report, day })),
  );

const openingDay = (now: Date): Day => dayInBeijing(new Date(now.getTime() - OPENING_MS));

/** The last moment at which new figures came out. */
export const lastOpening = (now: Date): Date => inBeijing(openingDay(now), OPENING_MS);
export const nextOpening = (now: Date): Date => inBeijing(addDays(openingDay(now), 1), OPENING_MS);

/** The first day that is still caught up on. */
export const windowStart = (now: Date): Day => addDays(openingDay(now), -WINDOW_DAYS);

export interface Plan {
  tasks: Task[];
  /** When there is something to do again, once the tasks are done. */
  next: Date;
}

/** What is to be fetched of the days from `firstDay` on, after these `tries`. */
export function planTasks(now: Date, firstDay: Day, tries: readonly AnalyticsTry[]): Plan {
  const today = dayInBeijing(now);
  const isToday = ({ triedAt }: AnalyticsTry) => dayInBeijing(triedAt) === today;
  if (tries.some((each) => each.outcome === AnalyticsOutcome.QUOTA && isToday(each))) {
    return { tasks: [], next: inBeijing(addDays(today, 1), 0) };
  }
  const opening = lastOpening(now);
  const tried: Tried = new Map(tries.map((each) => [`${each.report} ${each.day}`, each]));
  const unavailable = new Set(
    tries
      .filter(({ outcome, triedAt }) => outcome === AnalyticsOutcome.UNAVAILABLE && triedAt >= opening)
      .map(({ report }) => report),
  );
  const first = firstDay > windowStart(now) ? firstDay : windowStart(now);
  const open = allTasks(daysBetween(first, addDays(openingDay(now), -1)))
    .filter(({ report }) => !unavailable.has(report))
    .map((task) => ({ task, at: dueAt(task, tried, opening, now) }));
  const later = open.flatMap(({ at }) => (at !== null && at > now ? [at.getTime()] : []));
  return {
    tasks: open.filter(({ at }) => at !== null && at <= now).map(({ task }) => task),
    next: new Date(Math.min(...later, nextOpening(now).getTime())),
  };
}

/** The last tries, by report and day. */
type Tried = ReadonlyMap<string, AnalyticsTry>;

/** Null: not before the next opening. */
function dueAt({ report, day }: Task, tried: Tried, opening: Date, now: Date): Date | null {
  const last = tried.get(`${report} ${day}`);
  if (!last) return now;
  const { grows = 1, follows } = kinds.find((kind) => kind.report === report) ?? {};
  const before = tried.get(`${follows} ${day}`)?.fetchedAt;
  const isLastWord = !before || !last.fetchedAt || before <= last.fetchedAt;
  if (isLastWord && isFresh(day, grows, last, opening)) return null;
  if (last.failures === 0 || last.triedAt < opening) return now;
  if (last.failures >= MOST_TRIES) return null;
  return new Date(last.triedAt.getTime() + FIRST_PAUSE_MS * 2 ** (last.failures - 1));
}

/** Nothing that came out since its last answer can be missing from it. */
function isFresh(day: Day, grows: number, { fetchedAt, delayed }: AnalyticsTry, opening: Date): boolean {
  if (!fetchedAt) return false;
  const isGrown = fetchedAt >= inBeijing(addDays(day, grows), OPENING_MS);
  return fetchedAt >= opening || (isGrown && !delayed);
}

/** How many tries have failed since the last morning's figures came out, with this one. */
export const failuresWith = (last: AnalyticsTry | undefined, now: Date): number =>
  last && last.triedAt >= lastOpening(now) ? last.failures + 1 : 1;
