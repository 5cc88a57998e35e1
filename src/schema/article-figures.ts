import type { DailyFigures, TotalFigures } from '../campaigns/analytics.ts';
import { builder } from './builder.ts';

/** Figures that a day has as well as a campaign: what WeChat's are called, of the day and since the sending, and what they say. */
const figures = {
  readers: ['readUsers', 'totalReadUsers', 'People who read it.'],
  reads: ['readCount', 'totalReadCount', 'How often it was read. The newer reports do not tell.'],
  originalReaders: [
    'originalReadUsers',
    'totalOriginalReadUsers',
    'People who went on to the original page.',
  ],
  originalReads: ['originalReadCount', 'totalOriginalReadCount', 'How often the original page was opened.'],
  sharers: ['shareUsers', 'totalShareUsers', 'People who shared it.'],
  shares: ['shareCount', 'totalShareCount', 'How often it was shared. The newer reports do not tell.'],
  favouriters: ['favouriteUsers', 'totalFavouriteUsers', 'People who kept it as a favourite.'],
  favourites: [
    'favouriteCount',
    'totalFavouriteCount',
    'How often it was kept as a favourite. The newer reports do not tell.',
  ],
} as const satisfies Record<string, [keyof DailyFigures, keyof TotalFigures, string]>;

type Name = keyof typeof figures;
export type ReadingFigures = Record<Name, number | null>;

export const eachFigure = (of: (name: Name) => number | null): ReadingFigures =>
  Object.fromEntries((Object.keys(figures) as Name[]).map((name) => [name, of(name)])) as ReadingFigures;

export const dailyOf = (day: DailyFigures): ReadingFigures => eachFigure((name) => day[figures[name][0]]);
export const totalsOf = (day: TotalFigures): ReadingFigures => eachFigure((name) => day[figures[name][1]]);

export const ReadingFiguresInterface = builder.interfaceRef<ReadingFigures>('ReadingFigures').implement({
  description: 'Who read, and what they did. Null everywhere: WeChat did not say, which is not 0.',
  fields: (t) =>
    Object.fromEntries(
      Object.entries(figures).map(([name, [, , what]]) => {
        const description = `${what} Null where WeChat did not say.`;
        return [name, t.exposeInt(name as Name, { nullable: true, description })];
      }),
    ),
});
