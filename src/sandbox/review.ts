import { audit, BROKEN_CHECK } from './audits.ts';
import type { Article } from './media-library.ts';
import { findOriginal, type Original } from './originals.ts';

/** `CheckState`: 1 no reprint, 2 reprint that may be sent, 3 reprint that may not. */
export interface CopyrightCheck {
  checkState: 1 | 2 | 3;
  hits: { articleIdx: number; original: Original }[];
}

/** `errorCode`: N of `err(N)`, undefined where nothing stands against the send. */
export interface Review {
  errorCode: number | undefined;
  /** Of articles only. */
  copyright: CopyrightCheck | undefined;
}

/** What WeChat looks at between taking a send and carrying it out: the audit first, then originality. */
export function review(
  message: { texts: readonly string[]; articles: readonly Article[] },
  ignoreReprint: boolean,
): Review {
  const { texts, articles } = message;
  const copyright = articles.length > 0 ? checkCopyright(articles) : undefined;
  const errorCode = audit(texts) ?? (copyright && copyrightError(copyright, articles, ignoreReprint));
  return { errorCode, copyright };
}

function checkCopyright(articles: readonly Article[]): CopyrightCheck {
  const hits = articles.flatMap(({ content }, index) => {
    const original = findOriginal(content);
    return original ? [{ articleIdx: index + 1, original }] : [];
  });
  const isForbidden = hits.some(({ original }) => !original.reprintAllowed);
  return { checkState: isForbidden ? 3 : hits.length > 0 ? 2 : 1, hits };
}

function copyrightError(
  { checkState }: CopyrightCheck,
  articles: readonly Article[],
  ignoreReprint: boolean,
) {
  if (checkState === 3) return 30002;
  if (ignoreReprint) return undefined;
  if (articles.some(({ content }) => content.includes(BROKEN_CHECK))) return 30001;
  return checkState === 2 ? 30003 : undefined;
}
