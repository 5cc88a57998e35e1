import { eq } from 'drizzle-orm';
import { type Database, run } from './database.ts';

export function createTokenStore({ atomically, read, tables: t }: Database) {
  return {
    async readToken(appId: string): Promise<{ token: string; expiresAt: Date } | null> {
      const [row] = await read.select().from(t.accessTokens).where(eq(t.accessTokens.appId, appId));
      return row ?? null;
    },

    saveToken: (appId: string, token: { token: string; expiresAt: Date }): Promise<void> =>
      atomically(function* (tx) {
        yield* run(
          tx
            .insert(t.accessTokens)
            .values({ appId, ...token })
            .onConflictDoUpdate({ target: t.accessTokens.appId, set: token }),
        );
      }),
  };
}
