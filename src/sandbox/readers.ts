import { createHash } from 'node:crypto';

/** What of an article's life falls on the day of its sending, the day after, and so on; none is read after a week. */
const DECAY = [0.58, 0.2, 0.09, 0.06, 0.04, 0.02, 0.01];

/** By where the readers came from: the number and the word that WeChat has for it, and its part of them. */
export const places = [
  { scene: 0, word: '公众号消息', part: 0.55 },
  { scene: 1, word: '聊天会话', part: 0.15 },
  { scene: 2, word: '朋友圈', part: 0.15 },
  { scene: 4, word: '公众号主页', part: 0.06 },
  { scene: 5, word: '其他', part: 0.03 },
  { scene: 6, word: '推荐', part: 0.04 },
  { scene: 7, word: '搜一搜', part: 0.02 },
] as const;

/** Figures of one article and one day, or of all days up to it. */
export interface Readers {
  readers: number;
  reads: number;
  originalReaders: number;
  originalReads: number;
  sharers: number;
  shares: number;
  favouriters: number;
  favourites: number;
  likers: number;
  hearts: number;
  comments: number;
  followers: number;
}

const NOBODY: Readers = {
  readers: 0,
  reads: 0,
  originalReaders: 0,
  originalReads: 0,
  sharers: 0,
  shares: 0,
  favouriters: 0,
  favourites: 0,
  likers: 0,
  hearts: 0,
  comments: 0,
  followers: 0,
};

/** 0 up to 1, always the same for the same text. */
const chanceOf = (text: string): number =>
  createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;

/** On the day that is `age` days after the sending. The first article is read most, and none by everybody. */
export function readersOn(
  { msgid, index, delivered }: { msgid: string; index: number; delivered: number },
  age: number,
): Readers {
  const share = (DECAY[age] ?? 0) * (0.25 + 0.2 * chanceOf(msgid));
  const readers = Math.round((delivered * share) / (0.5 + index / 2));
  const of = (part: number) => Math.round(readers * part);
  return {
    readers,
    reads: of(1.35),
    originalReaders: of(0.12),
    originalReads: of(0.15),
    sharers: of(0.08),
    shares: of(0.1),
    favouriters: of(0.04),
    favourites: of(0.045),
    likers: of(0.06),
    hearts: of(0.03),
    comments: of(0.01),
    followers: of(0.005),
  };
}

export const sumOf = (days: readonly Readers[]): Readers =>
  days.reduce((sum, day) => {
    const figures = Object.entries(sum) as [keyof Readers, number][];
    return Object.fromEntries(
      figures.map(([name, value]) => [name, value + day[name]]),
    ) as unknown as Readers;
  }, NOBODY);

/** Splits people up by where they came from; whoever is left over by rounding read the message itself. */
export function byPlace(people: number): number[] {
  const parts = places.map(({ part }) => Math.floor(people * part));
  const rest = people - parts.reduce((sum, part) => sum + part, 0);
  return parts.map((part, index) => (index === 0 ? part + rest : part));
}
