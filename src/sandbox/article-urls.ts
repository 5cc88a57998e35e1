import { createHash } from 'node:crypto';
import type { Message } from './message.ts';

/** The addresses of the articles. They follow from the material: sent twice, it has the same link. */
export const articleUrls = ({ mediaId, articles }: Message): string[] =>
  articles.map((_, index) => {
    const digest = createHash('sha256')
      .update(`${mediaId}/${index + 1}`)
      .digest('hex');
    const number = Number.parseInt(digest.slice(0, 8), 16);
    return `http://mp.weixin.qq.com/s?__biz=c2FuZGJveA==&mid=${number}&idx=${index + 1}&sn=${digest.slice(8, 40)}#rd`;
  });
