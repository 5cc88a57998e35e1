import { characters, type InputIssue, isBlank, utf8Bytes, when } from './input-issue.ts';

/** One article of a news material (`media/uploadnews`, "articles"). */
export interface Article {
  title: string;
  thumbMediaId: string;
  content: string;
  author?: string | null;
  digest?: string | null;
  contentSourceUrl?: string | null;
  showCoverPic?: boolean | null;
}

export const articleLimits = {
  articles: 8,
  title: 64,
  digest: 128,
  contentCharacters: 20_000,
  contentBytes: 1024 * 1024,
  cardTitle: 35,
};

export function checkArticles(articles: readonly Article[]): InputIssue[] {
  return [
    ...when(
      articles.length < 1 || articles.length > articleLimits.articles,
      ['articles'],
      `must be 1 to ${articleLimits.articles} articles, there are ${articles.length}`,
    ),
    ...articles.flatMap((article, index) => checkArticle(article, ['articles', String(index)])),
  ];
}

function checkArticle({ title, thumbMediaId, content, digest }: Article, path: string[]): InputIssue[] {
  const required = (field: string, value: string) =>
    when(isBlank(value), [...path, field], 'must not be blank');
  const atMost = (limit: number, field: string, value: string) =>
    when(
      characters(value) > limit,
      [...path, field],
      `must have at most ${limit} characters, it has ${characters(value)}`,
    );
  return [
    ...required('title', title),
    ...atMost(articleLimits.title, 'title', title),
    ...required('thumbMediaId', thumbMediaId),
    ...required('content', content),
    ...when(
      characters(content) >= articleLimits.contentCharacters,
      [...path, 'content'],
      `must have fewer than 20,000 characters, it has ${characters(content).toLocaleString('en')}`,
    ),
    ...when(
      utf8Bytes(content) >= articleLimits.contentBytes,
      [...path, 'content'],
      'must be smaller than 1 MB',
    ),
    ...checkMiniProgramCards(content, [...path, 'content']),
    ...atMost(articleLimits.digest, 'digest', digest ?? ''),
  ];
}

/** `data-miniprogram-title`: at most 35 characters. The HTML itself is passed on untouched. */
function checkMiniProgramCards(content: string, path: string[]): InputIssue[] {
  return [...content.matchAll(/data-miniprogram-title\s*=\s*(?:"([^"]*)"|'([^']*)')/gi)].flatMap((match) => {
    const title = (match[1] ?? match[2] ?? '').replace(/&(?:#\d+|#x[\da-f]+|\w+);/gi, '·');
    return when(
      characters(title) > articleLimits.cardTitle,
      path,
      `has a mini-program card whose title has ${characters(title)} characters; at most ${articleLimits.cardTitle} are allowed`,
    );
  });
}
