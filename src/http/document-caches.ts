import type { DocumentNode } from 'graphql';
import { createRecent } from '../recent.ts';

/** What is made of a document takes hundreds of times its characters; the server's own caches would keep a thousand of any size. */
const MOST_CHARACTERS = { documents: 300_000, errors: 100_000 };

/** The documents that the ordinary server has read, and those that it could not read. */
export function createDocumentCaches() {
  const byText = <V>(most: number) => {
    const kept = createRecent<V>(most);
    return {
      get: kept.get,
      set: (text: string, value: V | undefined) => {
        if (value !== undefined) kept.set(text, value, text.length);
      },
    };
  };
  return {
    documentCache: byText<DocumentNode>(MOST_CHARACTERS.documents),
    errorCache: byText<unknown>(MOST_CHARACTERS.errors),
  };
}
