import { addDays, dayInBeijing, daysApart, isDay } from '../campaigns/days.ts';
import type { Account } from './account.ts';
import { readFields } from './json-fields.ts';
import { type Readers, readersOn, sumOf } from './readers.ts';
import { Refusal, refuseIf } from './refusal.ts';
import type { SandboxRequest } from './request.ts';

/** The one day of a request. Throws `Refusal` 61500 (no date), 61501 (no day, more than one, or one to come). */
export function dayOf({ body }: SandboxRequest, { clock }: Account): string {
  const { begin_date: first, end_date: last } = readFields(body);
  if (typeof first !== 'string' || typeof last !== 'string') throw new Refusal(61500);
  refuseIf(!isDay(first) || !isDay(last), 61500);
  refuseIf(first !== last || last > dayInBeijing(clock.now()), 61501);
  return first;
}

interface Article {
  msgid: string;
  index: number;
  title: string;
  sentDay: string;
  delivered: number;
}

/** The articles that reached somebody, oldest first. */
export const articlesOf = ({ sends }: Account): Article[] =>
  sends.accepted
    .filter(({ delivered }) => delivered > 0)
    .flatMap(({ msgDataId, titles, acceptedAt, delivered }) =>
      titles.map((title, position) => ({
        msgid: `${msgDataId}_${position + 1}`,
        index: position + 1,
        title,
        sentDay: dayInBeijing(acceptedAt),
        delivered,
      })),
    );

export const isOver = (day: string, { clock }: Account): boolean => day < dayInBeijing(clock.now());

/** What was read on a day, with its figures. The day has to be over. */
export const readOn = (day: string, account: Account): (Article & { figures: Readers })[] =>
  isOver(day, account)
    ? articlesOf(account)
        .map((article) => ({ ...article, figures: readersOn(article, daysApart(article.sentDay, day)) }))
        .filter(({ figures }) => figures.readers > 0)
    : [];

/** What was sent on a day, with its figures up to each of the `most` days since that are over. */
export const sentOn = (day: string, most: number, account: Account) =>
  articlesOf(account)
    .filter(({ sentDay }) => sentDay === day)
    .map((article) => {
      const days = Array.from({ length: most }, (_, age) => age).filter((age) =>
        isOver(addDays(day, age), account),
      );
      const figures = days.map((age) => readersOn(article, age));
      return {
        ...article,
        days: days.map((age) => ({
          stat_date: addDays(day, age),
          figures: sumOf(figures.slice(0, age + 1)),
        })),
      };
    })
    .filter(({ days }) => days.length > 0);
