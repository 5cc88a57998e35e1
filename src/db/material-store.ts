import { and, eq, inArray } from 'drizzle-orm';
import type { Article } from '../campaigns/article.ts';
import type { KnownMaterial, MaterialKind } from '../campaigns/material.ts';
import { type Database, run } from './database.ts';

interface Material extends KnownMaterial {
  appId: string;
  type: MaterialKind;
  uploadedAt: Date;
}

/** What was uploaded from here, so that what is sent later has titles and not only an id. */
export function createMaterialStore({ atomically, read, tables: t }: Database) {
  return {
    find: (appId: string, mediaIds: readonly string[]): Promise<KnownMaterial[]> =>
      read
        .select({ mediaId: t.materials.mediaId, type: t.materials.type, createdAt: t.materials.createdAt })
        .from(t.materials)
        .where(and(eq(t.materials.appId, appId), inArray(t.materials.mediaId, [...mediaIds])))
        .then((rows) => rows),

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
