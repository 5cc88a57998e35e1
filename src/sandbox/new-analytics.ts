import type { Handler } from './endpoint.ts';
import { articlesOf, dayOf, isOver, readOn, sentOn } from './read-articles.ts';
import { byPlace, places, type Readers, sumOf } from './readers.ts';

/** Nothing is known of the days before. */
const SINCE = '2025-11-01';

const readUserSource = (readers: number) => [
  { user_count: readers, scene_desc: '全部' },
  ...byPlace(readers).map((user_count, index) => ({ user_count, scene_desc: places[index]!.word })),
];

const ifNew = <Item>(day: string, list: () => Item[]) => ({
  list: day < SINCE ? [] : list(),
  is_delay: false,
});

export const articleRead: Handler = (request, account) => {
  const ref_date = dayOf(request, account);
  return ifNew(ref_date, () =>
    readOn(ref_date, account).map(({ msgid, figures: { readers } }) => ({
      ref_date,
      msgid,
      detail: { read_user: readers, read_user_source: readUserSource(readers) },
    })),
  );
};

export const articleShare: Handler = (request, account) => {
  const ref_date = dayOf(request, account);
  return ifNew(ref_date, () =>
    readOn(ref_date, account)
      .filter(({ figures }) => figures.sharers > 0)
      .map(({ msgid, figures }) => ({ ref_date, msgid, detail: { share_user: figures.sharers } })),
  );
};

export const bizSummary: Handler = (request, account) => {
  const ref_date = dayOf(request, account);
  return ifNew(ref_date, () => {
    const read = readOn(ref_date, account);
    const published = isOver(ref_date, account)
      ? articlesOf(account).filter(({ sentDay }) => sentDay === ref_date).length
      : 0;
    if (read.length === 0 && published === 0) return [];
    const all = sumOf(read.map(({ figures }) => figures));
    const detail = {
      read_user: all.readers,
      read_user_source: readUserSource(all.readers),
      ...newFigures(all),
      redirect_ori_page_user: all.originalReaders,
      send_page_count: published,
    };
    return [{ ref_date, detail }];
  });
};

const newFigures = (figures: Readers) => ({
  share_user: figures.sharers,
  zaikan_user: figures.hearts,
  like_user: figures.likers,
  comment_count: figures.comments,
  collection_user: figures.favouriters,
});

export const articleTotalDetail: Handler = (request, account) => {
  const ref_date = dayOf(request, account);
  return ifNew(ref_date, () =>
    sentOn(ref_date, 30, account).map(({ msgid, title, index, delivered, days }) => ({
      ref_date,
      msgid,
      publish_type: 0,
      title,
      content_url: `http://mp.weixin.qq.com/s?__biz=c2FuZGJveA==&mid=${msgid.split('_')[0]}&idx=${index}#rd`,
      detail_list: days.map(({ stat_date, figures }) => ({
        stat_date,
        read_user: figures.readers,
        read_user_source: readUserSource(figures.readers),
        ...newFigures(figures),
        praise_money: figures.likers * 20,
        read_subscribe_user: figures.followers,
        read_delivery_rate: rounded(byPlace(figures.readers)[0]! / delivered),
        read_finish_rate: rounded(0.35 + 0.4 / (index + 1)),
        read_avg_activetime: rounded(0.6 + 0.9 / (index + 1)),
        read_jump_position: [0.31, 0.12, 0.08, 0.06, 0.43].map((rate, fifth) => ({
          position: fifth + 1,
          rate,
        })),
      })),
    })),
  );
};

const rounded = (number: number): number => Math.round(number * 1e7) / 1e7;
