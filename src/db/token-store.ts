import type { KeyObject } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { Log } from '../log.ts';
import { place, prepared } from './built-once.ts';
import { type Database, run } from './database.ts';
import { createSeal, noSeal } from './token-seal.ts';

const storedToken = prepared((queries, t) =>
  queries
    .select()
    .from(t.accessTokens)
    .where(eq(t.accessTokens.appId, place('appId'))),
);

/** @param encryptionKey null: tokens are stored as they are */
export function createTokenStore(
  { atomically, read, tables: t }: Database,
  encryptionKey: KeyObject | null,
  log: Log,
) {
  const seal = encryptionKey ? createSeal(encryptionKey) : noSeal;
  const toldOf = new Set<string>();

  function warnOnce(appId: string): void {
    if (toldOf.has(appId)) return;
    toldOf.add(appId);
    log.warn({ appId }, 'the stored access token does not fit ENCRYPTION_KEY: another one is fetched');
  }

  return {
    async readToken(appId: string): Promise<{ token: string; expiresAt: Date } | null> {
      const [row] = await storedToken(read, t, { appId });
      if (!row) return null;
      const token = seal.open(row.token, appId);
      if (token === null) warnOnce(appId);
      return token === null ? null : { token, expiresAt: row.expiresAt };
    },

    saveToken: (appId: string, { token, expiresAt }: { token: string; expiresAt: Date }): Promise<void> =>
      atomically(function* (tx) {
        const stored = { token: seal.close(token, appId), expiresAt };
        yield* run(
          tx
            .insert(t.accessTokens)
            .values({ appId, ...stored })
            .onConflictDoUpdate({ target: t.accessTokens.appId, set: stored }),
        );
      }),
  };
}
