import { addDays, type Day, dayInBeijing, daysApart } from './days.ts';
import { type InputIssue, when } from './input-issue.ts';

/** How many days are fetched while somebody waits for the answer. */
const MOST_DAYS = 31;

/** What is wrong with a span of days that somebody wants fetched. */
export function checkSpan(from: Day, to: Day, now: Date, mostDays = MOST_DAYS): InputIssue[] {
  const yesterday = addDays(dayInBeijing(now), -1);
  return [
    ...when(from > to, ['from'], 'must not be after to'),
    ...when(to > yesterday, ['to'], `must not be after ${yesterday}, yesterday in Beijing`),
    ...when(
      daysApart(from, to) >= mostDays,
      ['to'],
      `is too far from from: ${mostDays} days at most, both included`,
    ),
  ];
}
