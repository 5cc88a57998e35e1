import type { DailyFigures, TotalFigures } from '../campaigns/analytics.ts';
import { builder } from './builder.ts';

/** Figures that a day has as well as a campaign. */
export interface ReadingFigures {
  readers: number | null;
  reads: number | null;
  originalReaders: number | null;
  originalReads: number | null;
  sharers: number | null;
  shares: number | null;
  favouriters: number | null;
  favourites: number | null;
}

export const dailyOf = (day: DailyFigures): ReadingFigures => ({
  readers: day.readUsers,
  reads: day.readCount,
  originalReaders: day.originalReadUsers,
  originalReads: day.originalReadCount,
  sharers: day.shareUsers,
  shares: day.shareCount,
  favouriters: day.favouriteUsers,
  favourites: day.favouriteCount,
});

export const totalsOf = (day: TotalFigures): ReadingFigures => ({
  readers: day.totalReadUsers,
  reads: day.totalReadCount,
  originalReaders: day.totalOriginalReadUsers,
  originalReads: day.totalOriginalReadCount,
  sharers: day.totalShareUsers,
  shares: day.totalShareCount,
  favouriters: day.totalFavouriteUsers,
  favourites: day.totalFavouriteCount,
});

const described: Record<keyof ReadingFigures, string> = {
  readers: 'People who read it.',
  reads: 'How often it was read. The newer reports do not tell.',
  originalReaders: 'People who went on to the original page.',
  originalReads: 'How often the original page was opened.',
  sharers: 'People who shared it.',
  shares: 'How often it was shared. The newer reports do not tell.',
  favouriters: 'People who kept it as a favourite.',
  favourites: 'How often it was kept as a favourite. The newer reports do not tell.',
};

export const readingFigures = Object.keys(described) as (keyof ReadingFigures)[];

export const ReadingFiguresInterface = builder.interfaceRef<ReadingFigures>('ReadingFigures').implement({
  description: 'Who read, and what they did. Null everywhere: WeChat did not say, which is not 0.',
  fields: (t) =>
    Object.fromEntries(
      readingFigures.map((name) => {
        const description = `${described[name]} Null where WeChat did not say.`;
        return [name, t.exposeInt(name, { nullable: true, description })];
      }),
    ),
});
