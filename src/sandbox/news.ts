import type { Handler } from './endpoint.ts';
import {
  type Fields,
  isFields,
  optionalSwitch,
  optionalText,
  readFields,
  requiredText,
} from './json-fields.ts';
import { type Article, createdAtSeconds, type MediaLibrary } from './media-library.ts';
import { Refusal, refuseIf } from './refusal.ts';

const LIMITS = {
  articles: 8,
  titleCharacters: 64,
  /** Of the card of a mini-program. */
  cardTitleCharacters: 35,
  digestCharacters: 128,
  contentCharacters: 20_000,
  contentBytes: 1024 * 1024,
  urlBytes: 1024,
};

const characters = (text: string): number => [...text].length;

/** `media/uploadnews` */
export const uploadNews: Handler = ({ body }, { media }) => {
  const { articles } = readFields(body);
  if (!Array.isArray(articles) || articles.length === 0) throw new Refusal(44003);
  refuseIf(articles.length > LIMITS.articles, 45008);
  const checked = articles.map((article) => readArticle(article, media));
  const news = media.add('news', {
    articles: checked,
    texts: checked.flatMap(({ title, content, digest }) => [title, content, digest]),
  });
  return { type: 'news', media_id: news.id, created_at: createdAtSeconds(news) };
};

function readArticle(fields: unknown, media: MediaLibrary): Article {
  if (!isFields(fields)) throw new Refusal(47001);
  media.get(requiredText(fields.thumb_media_id, 41006), 'thumb');
  const title = requiredText(fields.title, 40035);
  refuseIf(characters(title) > LIMITS.titleCharacters, 45003);
  checkOptionalFields(fields);
  return { title, content: readContent(fields), digest: optionalText(fields.digest) ?? '' };
}

const CARD_TITLE = /data-miniprogram-title="([^"]*)"/g;

function readContent(fields: Fields): string {
  const content = requiredText(fields.content, 44004);
  // The real API answers 45003, the code of titles, when the content is too long.
  refuseIf(characters(content) >= LIMITS.contentCharacters, 45003);
  refuseIf(Buffer.byteLength(content) >= LIMITS.contentBytes, 45003);
  for (const [, title = ''] of content.matchAll(CARD_TITLE)) {
    refuseIf(characters(title) > LIMITS.cardTitleCharacters, 45003);
  }
  return content;
}

function checkOptionalFields(fields: Fields): void {
  optionalText(fields.author);
  refuseIf(characters(optionalText(fields.digest) ?? '') > LIMITS.digestCharacters, 45004);
  refuseIf(Buffer.byteLength(optionalText(fields.content_source_url) ?? '') > LIMITS.urlBytes, 45005);
  optionalSwitch(fields.show_cover_pic);
  optionalSwitch(fields.need_open_comment);
  optionalSwitch(fields.only_fans_can_comment);
}
