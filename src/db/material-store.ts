import { and, eq } from 'drizzle-orm';
import type { Article } from '../campaigns/article.ts';
import { type Database, run } from './database.ts';

interface Material {
  appId: string;
  mediaId: string;
  type: string;
  createdAt: Date;
  uploadedAt: Date;
}

/** What was uploaded from here, so that what is sent later has titles and not only an id. */
export function createMaterialStore({ atomically, tables: t }: Database) {
  return {
    keep: (material: Material, articles: readonly Article[] = []): Promise<void> =>
      atomically(function* (tx) {
        const { appId, mediaId } = material;
        yield* run(tx.insert(t.materials).values(material).onConflictDoNothing());
        yield* run(
          tx
            .delete(t.materialArticles)
            .where(and(eq(t.materialArticles.appId, appId), eq(t.materialArticles.mediaId, mediaId))),
        );
        for (const [position, article] of articles.entries()) {
          yield* run(
            tx.insert(t.materialArticles).values({ ...article, appId, mediaId, index: position + 1 }),
          );
        }
      }),
  };
}
export type MaterialStore = ReturnType<typeof createMaterialStore>;
