import { and, eq } from 'drizzle-orm';
import type { Article } from '../campaigns/article.ts';
import type { KnownMaterial, MaterialKind } from '../campaigns/material.ts';
import { placeOf } from './built-once.ts';
import { type Database, run } from './database.ts';

interface Material extends KnownMaterial {
  appId: string;
  type: MaterialKind;
  uploadedAt: Date;
}

/** What was uploaded from here, so that what is sent later has titles and not only an id. */
export function createMaterialStore({ atomically, read, prepare, isAmong, tables: t }: Database) {
  const { appId: account, mediaId: id, type, createdAt } = t.materials;
  const byIds = prepare<KnownMaterial>({
    columns: { mediaId: id, type, createdAt },
    build: (columns) =>
      read
        .select(columns)
        .from(t.materials)
        .where(and(eq(account, placeOf('account', account)), isAmong(id, 'ids'))),
  });

  return {
    find: async (appId: string, mediaIds: readonly string[]): Promise<KnownMaterial[]> =>
      mediaIds.length === 0 ? [] : byIds({ account: appId, ids: mediaIds }),

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
