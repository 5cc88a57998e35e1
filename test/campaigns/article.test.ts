import { describe, expect, it } from 'vitest';
import { type Article, checkArticles } from '../../src/campaigns/article.ts';

const article = (changes: Partial<Article> = {}): Article => ({
  title: 'Title',
  thumbMediaId: 'thumb',
  content: '<p>Content</p>',
  ...changes,
});

const paths = (...articles: Partial<Article>[]) =>
  checkArticles(articles.map(article)).map(({ path }) => path.join('.'));

it.each([
  [0, ['articles']],
  [1, []],
  [8, []],
  [9, ['articles']],
])('%i articles', (count, expected) => {
  expect(paths(...Array<object>(count).fill({}))).toEqual(expected);
});

describe('the edges of an article', () => {
  it.each<[string, Partial<Article>, string[]]>([
    ['a title of 64 emoji', { title: '😀'.repeat(64) }, []],
    ['a title of 65 characters', { title: '长'.repeat(65) }, ['title']],
    ['a blank title', { title: ' \t\u3000' }, ['title']],
    ['a blank thumb', { thumbMediaId: '' }, ['thumbMediaId']],
    ['no content', { content: '\n' }, ['content']],
    ['content of 19,999 characters', { content: '文'.repeat(19_999) }, []],
    ['content of 20,000 characters', { content: '文'.repeat(20_000) }, ['content']],
    ['content of 1 MB', { content: 'a'.repeat(1024 * 1024) }, ['content', 'content']],
    ['a digest of 128 characters', { digest: '摘'.repeat(128) }, []],
    ['a digest of 129 characters', { digest: '摘'.repeat(129) }, ['digest']],
    ['no digest', { digest: null }, []],
    [
      'everything at once',
      { title: '', thumbMediaId: '', content: '' },
      ['title', 'thumbMediaId', 'content'],
    ],
  ])('%s', (_, changes, expected) => {
    expect(paths({}, changes)).toEqual(expected.map((field) => `articles.1.${field}`));
  });
});

describe('a mini-program card', () => {
  const card = (title: string, quote = '"') =>
    `<mp-miniprogram data-miniprogram-appid="wx1" data-miniprogram-title=${quote}${title}${quote}></mp-miniprogram>`;

  it.each([
    ['a title of 35 characters', card('卡'.repeat(35)), []],
    ['a title of 36 characters', card('卡'.repeat(36)), ['articles.0.content']],
    ['single quotes', card('卡'.repeat(36), "'"), ['articles.0.content']],
    ['an entity, which is one character', card(`${'a'.repeat(34)}&amp;`), []],
    [
      'two cards that are both too long',
      card('卡'.repeat(36)).repeat(2),
      ['articles.0.content', 'articles.0.content'],
    ],
  ])('with %s', (_, content, expected) => {
    expect(paths({ content })).toEqual(expected);
  });
});
