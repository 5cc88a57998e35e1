import type { TokenStore } from './tokens.ts';

/** A store whose every token is told on its way through: whoever writes anything has to know what to leave out. */
export function tokensToldTo(store: TokenStore, told: (token: string) => void = () => {}): TokenStore {
  return {
    async readToken(appId) {
      const token = await store.readToken(appId);
      if (token) told(token.token);
      return token;
    },
    saveToken(appId, token) {
      told(token.token);
      return store.saveToken(appId, token);
    },
  };
}
