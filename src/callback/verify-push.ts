import { PushRefusal } from '../observer.ts';
import { ciphertextCandidates } from './ciphertexts.ts';
import { createPushCipher, sameSignature, signature } from './crypto.ts';
import { PushRefusedError } from './push-refused-error.ts';

/** What is set for an account on WeChat's page "basic configuration". */
export interface CallbackAccount {
  appId: string;
  /** Null: the account takes no pushes. */
  callbackToken: string | null;
  /** With a key of either kind the account takes encrypted pushes only. */
  encodingAesKey: string | null;
  /** Still accepted, so that a key can be changed without losing pushes. */
  encodingAesKeyPrevious: string | null;
  /** Where pushes go that are not for the gateway; null: nowhere. */
  callbackForwardUrl: string | null;
}

/** What WeChat is certain to have sent. */
export interface VerifiedPush {
  message: string;
  /** Of a plain push: it does not cover the message, so it is good for one message only. Null where it does. */
  plainSignature: string | null;
  /** When WeChat signed the request; null where that is no number. */
  signedAt: Date | null;
}

/**
 * The `echostr` of the handshake that WeChat makes when the callback URL is set.
 * @throws PushRefusedError
 */
export const verifyHandshake = (account: CallbackAccount, query: URLSearchParams): string => {
  const token = tokenOf(account);
  const given = required(query, 'signature');
  if (!isSigned(token, query, given))
    throw new PushRefusedError(403, PushRefusal.SIGNATURE, 'the signature is wrong');
  return query.get('echostr') ?? '';
};

/**
 * A push once it is certain that WeChat sent it. Works on the raw text: no parser has run before.
 * @throws PushRefusedError
 */
export const verifyPush = (account: CallbackAccount, query: URLSearchParams, body: string): VerifiedPush => {
  const token = tokenOf(account);
  const encrypted = query.get('encrypt_type') === 'aes';
  const given = required(query, encrypted ? 'msg_signature' : 'signature');
  const keys = [account.encodingAesKey, account.encodingAesKeyPrevious].filter((key) => key !== null);

  if (!encrypted) {
    // A plain signature does not cover the body: whoever has seen one address can write any push.
    if (keys.length > 0)
      throw new PushRefusedError(403, PushRefusal.MODE, 'this account takes encrypted pushes only');
    if (!isSigned(token, query, given))
      throw new PushRefusedError(403, PushRefusal.SIGNATURE, 'the signature is wrong');
    return { message: body, plainSignature: given, signedAt: signedAt(query) };
  }
  if (keys.length === 0)
    throw new PushRefusedError(403, PushRefusal.MODE, 'this account has no key for encrypted pushes');
  // In compatible mode the plain fields stand beside the ciphertext; only the ciphertext is signed, so only it counts.
  let isFound = false;
  for (const ciphertext of ciphertextCandidates(body)) {
    isFound = true;
    if (!isSigned(token, query, given, ciphertext)) continue;
    const message = decrypt(account.appId, keys, ciphertext);
    return { message, plainSignature: null, signedAt: signedAt(query) };
  }
  if (!isFound) throw new PushRefusedError(400, PushRefusal.UNREADABLE, 'the body holds no ciphertext');
  throw new PushRefusedError(403, PushRefusal.SIGNATURE, 'the signature is wrong');
};

const signedAt = (query: URLSearchParams): Date | null => {
  const seconds = query.get('timestamp') ?? '';
  return /^\d{1,12}$/.test(seconds) ? new Date(Number(seconds) * 1000) : null;
};

const tokenOf = ({ callbackToken }: CallbackAccount): string => {
  // An empty token would make signatures that anyone can compute.
  if (callbackToken === null || callbackToken === '')
    throw new PushRefusedError(403, PushRefusal.DISABLED, 'this account takes no pushes');
  return callbackToken;
};

const required = (query: URLSearchParams, name: 'signature' | 'msg_signature'): string => {
  const given = query.get(name);
  if (given === null || given === '')
    throw new PushRefusedError(401, PushRefusal.SIGNATURE, `${name} is missing`);
  return given;
};

const isSigned = (token: string, query: URLSearchParams, given: string, ...ciphertext: string[]): boolean => {
  const timestamp = query.get('timestamp') ?? '';
  const nonce = query.get('nonce') ?? '';
  return sameSignature(signature(token, timestamp, nonce, ...ciphertext), given);
};

/** With the first key that fits. When none does, "for another app" says more than a broken padding. */
const decrypt = (appId: string, keys: string[], ciphertext: string): string => {
  const refusals: PushRefusedError[] = [];
  for (const key of keys) {
    try {
      return createPushCipher(appId, key).decrypt(ciphertext);
    } catch (error) {
      if (!(error instanceof PushRefusedError)) throw error;
      refusals.push(error);
    }
  }
  throw refusals.find(({ status }) => status === 403) ?? refusals[0]!;
};
