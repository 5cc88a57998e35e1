import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hash,
  randomBytes as nodeRandomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { PushRefusal } from '../observer.ts';
import { PushRefusedError } from './push-refused-error.ts';

export type RandomBytes = (size: number) => Buffer;

const CIPHER = 'aes-256-cbc';
const AES_BLOCK = 16;
/** WeChat pads to 32 bytes where AES needs 16, so a padding byte may be up to 32 and Node's own padding is off. */
const PADDING_BLOCK = 32;
const RANDOM_BYTES = 16;
const HEADER_BYTES = RANDOM_BYTES + 4;

/** WeChat's signature: hex sha1 of the token and the parts, sorted and joined. */
export const signature = (token: string, ...parts: string[]): string =>
  hash('sha1', [token, ...parts].sort().join(''));

/** Compares in a time that tells nothing about either string, not even whether their lengths agree. */
export const sameSignature = (expected: string, given: string): boolean =>
  timingSafeEqual(sha256(expected), sha256(given));

const sha256 = (text: string): Buffer => hash('sha256', text, 'buffer');

/** Seals and opens the text of pushes with one EncodingAESKey. */
export interface PushCipher {
  encrypt(text: string): string;
  /** @throws PushRefusedError 400 for what this key did not seal, 403 for what was sealed for another app. */
  decrypt(ciphertext: string): string;
}

/**
 * @param appId stands inside every ciphertext and has to match
 * @param encodingAesKey the 43 characters from the account's settings page
 * @throws Error when the key is not one
 */
export const createPushCipher = (
  appId: string,
  encodingAesKey: string,
  randomBytes: RandomBytes = nodeRandomBytes,
): PushCipher => {
  if (!/^[A-Za-z0-9+/]{43}$/.test(encodingAesKey)) {
    throw new Error(
      `The EncodingAESKey of ${appId} must be 43 characters of A-Z, a-z, 0-9, + and /; it has ${encodingAesKey.length}.`,
    );
  }
  // Node takes longer to find out what kind of key a buffer is than to decrypt a push.
  const key = createSecretKey(`${encodingAesKey}=`, 'base64');
  const iv = Buffer.from(encodingAesKey, 'base64').subarray(0, AES_BLOCK);

  return {
    encrypt(text) {
      const message = Buffer.from(text);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(message.length);
      const plain = pad(Buffer.concat([randomBytes(RANDOM_BYTES), length, message, Buffer.from(appId)]));
      const cipher = createCipheriv(CIPHER, key, iv).setAutoPadding(false);
      return Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64');
    },

    decrypt(ciphertext) {
      const sealed = Buffer.from(ciphertext, 'base64');
      // Node's decoder skips what is not base64.
      if (sealed.toString('base64') !== ciphertext) {
        throw new PushRefusedError(400, PushRefusal.UNREADABLE, 'the ciphertext is not base64');
      }
      if (sealed.length === 0 || sealed.length % AES_BLOCK !== 0) {
        throw new PushRefusedError(
          400,
          PushRefusal.UNREADABLE,
          'the ciphertext is not a whole number of blocks',
        );
      }
      const decipher = createDecipheriv(CIPHER, key, iv).setAutoPadding(false);
      const plain = unpad(Buffer.concat([decipher.update(sealed), decipher.final()]));
      if (plain.length < HEADER_BYTES)
        throw new PushRefusedError(400, PushRefusal.UNREADABLE, 'the decrypted text has no header');
      const end = HEADER_BYTES + plain.readUInt32BE(RANDOM_BYTES);
      if (end > plain.length)
        throw new PushRefusedError(400, PushRefusal.UNREADABLE, 'the decrypted text is shorter than it says');
      if (!plain.subarray(end).equals(Buffer.from(appId))) {
        throw new PushRefusedError(403, PushRefusal.APP, 'the push is for another app');
      }
      return plain.toString('utf8', HEADER_BYTES, end);
    },
  };
};

const pad = (plain: Buffer): Buffer => {
  const size = PADDING_BLOCK - (plain.length % PADDING_BLOCK);
  return Buffer.concat([plain, Buffer.alloc(size, size)]);
};

const unpad = (padded: Buffer): Buffer => {
  const size = padded.at(-1)!;
  const start = padded.length - size;
  const intact = size >= 1 && size <= PADDING_BLOCK && padded.subarray(start).every((byte) => byte === size);
  if (start < 0 || !intact)
    throw new PushRefusedError(400, PushRefusal.UNREADABLE, 'the padding of the decrypted text is broken');
  return padded.subarray(0, start);
};
