import type { Handler } from './endpoint.ts';
import { dayOf, readOn, sentOn } from './read-articles.ts';
import { byPlace, places, type Readers } from './readers.ts';

const ALL_SCENES = 99999999;

/** An article that so few did anything with is not mentioned. */
const FEWEST = 3;

const oldFigures = (figures: Readers) => ({
  int_page_read_user: figures.readers,
  int_page_read_count: figures.reads,
  ori_page_read_user: figures.originalReaders,
  ori_page_read_count: figures.originalReads,
  share_user: figures.sharers,
  share_count: figures.shares,
  add_to_fav_user: figures.favouriters,
  add_to_fav_count: figures.favourites,
});

export const articleSummary: Handler = (request, account) => {
  const ref_date = dayOf(request, account);
  const list = readOn(ref_date, account)
    .filter(({ figures }) => figures.readers + figures.sharers + figures.favourites >= FEWEST)
    .flatMap(({ msgid, title, figures }) => {
      const [readers, reads] = [byPlace(figures.readers), byPlace(figures.reads)];
      const [sharers, shares] = [byPlace(figures.sharers), byPlace(figures.shares)];
      const parts = places.map(({ scene }, index) => ({
        user_source: scene,
        int_page_read_user: readers[index],
        int_page_read_count: reads[index],
        share_user: sharers[index],
        share_count: shares[index],
      }));
      const all = { user_source: ALL_SCENES, ...oldFigures(figures) };
      return [all, ...parts].map((part) => ({ ref_date, msgid, title, ...part }));
    });
  return { list };
};

const totalPlaces = { session: 0, friends: 1, feed: 2, hist_msg: 3, other: 4, kanyikan: 5, souyisou: 6 };
const sharePlaces = { session: 0, feed: 2, other: 4 };

export const articleTotal: Handler = (request, account) => {
  const ref_date = dayOf(request, account);
  const list = sentOn(ref_date, 7, account).map(({ msgid, title, delivered, days }) => ({
    ref_date,
    msgid,
    title,
    details: days.map(({ stat_date, figures }) => ({
      stat_date,
      target_user: delivered,
      ...oldFigures(figures),
      ...Object.fromEntries(
        Object.entries(totalPlaces).flatMap(([place, index]) => [
          [`int_page_from_${place}_read_user`, byPlace(figures.readers)[index]],
          [`int_page_from_${place}_read_count`, byPlace(figures.reads)[index]],
        ]),
      ),
      ...Object.fromEntries(
        Object.entries(sharePlaces).flatMap(([place, index]) => [
          [`feed_share_from_${place}_user`, byPlace(figures.sharers)[index]],
          [`feed_share_from_${place}_cnt`, byPlace(figures.shares)[index]],
        ]),
      ),
    })),
  }));
  return { list };
};
