import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const [NONCE_BYTES, TAG_BYTES] = [12, 16];

/** No access token holds a colon. */
const SEALED = 'sealed:';

/** How access tokens are stored. */
export interface Seal {
  close(token: string, appId: string): string;
  /** Null where it was stored with another key, for another account, or differently than tokens are now. */
  open(stored: string, appId: string): string | null;
}

/** As they are. One that was encrypted is of no use without its key. */
export const noSeal: Seal = {
  close: (token) => token,
  open: (stored) => (stored.startsWith(SEALED) ? null : stored),
};

/** Encrypted, and bound to the account, so that no row passes for another's. */
export const createSeal = (key: KeyObject): Seal => ({
  close(token, appId) {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(appId));
    const sealed = Buffer.concat([nonce, cipher.update(token, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return SEALED + sealed.toString('base64');
  },

  open(stored, appId) {
    if (!stored.startsWith(SEALED)) return null;
    const sealed = Buffer.from(stored.slice(SEALED.length), 'base64');
    if (sealed.length < NONCE_BYTES + TAG_BYTES) return null;
    const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    })
      .setAAD(Buffer.from(appId))
      .setAuthTag(sealed.subarray(-TAG_BYTES));
    try {
      const token = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8');
      return token + decipher.final('utf8');
    } catch {
      return null;
    }
  },
});
