/** `2026-11-01`: a day of Beijing, in which WeChat counts. */
export type Day = string;

/** Beijing has had no summer time since 1991. */
export const BEIJING_OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 24 * 3_600_000;

const onBeijingClock = (at: Date): string => new Date(at.getTime() + BEIJING_OFFSET_MS).toISOString();

/** The day that it is in Beijing. */
export const dayInBeijing = (at: Date): Day => onBeijingClock(at).slice(0, 10);

/** `2026-11-01 08:30`, for people. */
export const minuteInBeijing = (at: Date): string => onBeijingClock(at).slice(0, 16).replace('T', ' ');

export const addDays = (day: Day, days: number): Day =>
  new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);

/** From one to a later one; negative where they are reversed. */
export const daysApart = (from: Day, to: Day): number => (Date.parse(to) - Date.parse(from)) / DAY_MS;

/** The moment that is so many milliseconds after midnight in Beijing. */
export const inBeijing = (day: Day, milliseconds: number): Date =>
  new Date(Date.parse(day) + milliseconds - BEIJING_OFFSET_MS);

/** From the first to the last, with both; none where they are reversed. */
export function daysBetween(first: Day, last: Day): Day[] {
  const days: Day[] = [];
  for (let day = first; day <= last; day = addDays(day, 1)) days.push(day);
  return days;
}

/** `YYYY-MM-DD`, and a day that the calendar has. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text < '0001') return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}
