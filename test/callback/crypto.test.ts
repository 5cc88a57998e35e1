import { createCipheriv } from 'node:crypto';
import * as wecom from '@wecom/crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPushCipher, sameSignature, signature } from '../../src/callback/crypto.ts';
import { PushRefusedError } from '../../src/callback/push-refused-error.ts';
import { APP_ID, KEY, OTHER_KEY, refusalOf } from './kit.ts';

const cipher = createPushCipher(APP_ID, KEY);

describe('signature', () => {
  it("gives WeChat's published check value", () => {
    expect(signature('AAAAA', '1714037059', '486452656')).toBe('899cf89e464efb63f54ddac96b0a0a235f53aa78');
  });

  it('does not depend on the order of the parts', () => {
    expect(signature('AAAAA', '486452656', '1714037059')).toBe('899cf89e464efb63f54ddac96b0a0a235f53aa78');
  });

  it("signs a ciphertext as WeChat's own library does", () => {
    const ciphertext = cipher.encrypt('hello');
    expect(signature('token', '1714037059', 'nonce', ciphertext)).toBe(
      wecom.getSignature('token', '1714037059', 'nonce', ciphertext),
    );
  });
});

describe('sameSignature', () => {
  it('takes equal strings and refuses every other, of any length', () => {
    expect(sameSignature('899cf8', '899cf8')).toBe(true);
    for (const given of ['', '899cf', '899cf80', '899CF8', '899cf9', '群发']) {
      expect(sameSignature('899cf8', given)).toBe(false);
    }
  });
});

describe('a push cipher', () => {
  const texts = [
    ...Array.from({ length: 100 }, (_, length) => 'x'.repeat(length)),
    'emoji 👩‍👩‍👧 and 群发',
    '<xml><Content><![CDATA[a ]]]]><![CDATA[> b]]></Content></xml>',
    '\u0000 in the middle',
    'long '.repeat(20_000),
  ];

  it("opens what WeChat's own library sealed, at every padding length", () => {
    for (const text of texts) expect(cipher.decrypt(wecom.encrypt(KEY, text, APP_ID))).toBe(text);
  });

  it("seals what WeChat's own library opens, at every padding length", () => {
    for (const text of texts) {
      expect(wecom.decrypt(KEY, cipher.encrypt(text))).toMatchObject({ message: text, id: APP_ID });
    }
  });

  it('opens whatever it sealed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => cipher.decrypt(cipher.encrypt(text)) === text),
    );
  });

  it('seals with the random bytes it is given', () => {
    const fixed = createPushCipher(APP_ID, KEY, (size) => Buffer.alloc(size, 7));
    expect(fixed.encrypt('same')).toBe(fixed.encrypt('same'));
    expect(cipher.encrypt('same')).not.toBe(cipher.encrypt('same'));
  });

  it('refuses what was sealed for another app', () => {
    expect(refusalOf(() => cipher.decrypt(wecom.encrypt(KEY, 'hello', 'wx0000000000000000')))).toEqual({
      status: 403,
      message: 'the push is for another app',
    });
    expect(refusalOf(() => cipher.decrypt(wecom.encrypt(KEY, 'hello', `${APP_ID}x`))).status).toBe(403);
    expect(refusalOf(() => cipher.decrypt(wecom.encrypt(KEY, 'hello', ''))).status).toBe(403);
  });

  it('refuses what another key sealed', () => {
    expect(refusalOf(() => cipher.decrypt(wecom.encrypt(OTHER_KEY, 'hello', APP_ID))).status).toBe(400);
  });

  it.each([
    ['nothing', ''],
    ['characters outside base64', `${'A'.repeat(20)}*${'A'.repeat(43)}`],
    ['base64 with a blank in it', `${'A'.repeat(21)} ${'A'.repeat(21)}=`],
    ['half a block', Buffer.alloc(24, 1).toString('base64')],
    ['blocks of noise', Buffer.alloc(64, 1).toString('base64')],
    ['base64 of the URL alphabet', Buffer.alloc(48, 255).toString('base64url')],
  ])('refuses %s', (_, ciphertext) => {
    expect(refusalOf(() => cipher.decrypt(ciphertext)).status).toBe(400);
  });

  it('refuses a text that is shorter than its length field says', () => {
    // In CBC a bit flipped in one block flips the same bit of the next: this adds 2^30 to the length.
    const flipped = Buffer.from(cipher.encrypt('x'.repeat(40)), 'base64');
    flipped[0]! ^= 64;
    expect(refusalOf(() => cipher.decrypt(flipped.toString('base64')))).toEqual({
      status: 400,
      message: 'the decrypted text is shorter than it says',
    });
  });

  /** Seals bytes as they are, padding included. */
  const sealBytes = (bytes: Buffer): string => {
    const key = Buffer.from(`${KEY}=`, 'base64');
    const aes = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
    return aes.update(bytes).toString('base64');
  };

  it('refuses a text that is nothing but padding', () => {
    expect(refusalOf(() => cipher.decrypt(sealBytes(Buffer.alloc(32, 32))))).toEqual({
      status: 400,
      message: 'the decrypted text has no header',
    });
  });

  it.each([
    ['0', [1, 0]],
    ['more than a block', new Array<number>(33).fill(33)],
    ['more than there is', [255, 255]],
    ['not the same in every byte', [3, 2, 3]],
  ])('refuses padding that is %s', (_, padding) => {
    const header = Buffer.alloc(20);
    const bytes = Buffer.concat([header, Buffer.from(APP_ID), Buffer.alloc(32)]).subarray(
      0,
      64 - padding.length,
    );
    expect(refusalOf(() => cipher.decrypt(sealBytes(Buffer.from([...bytes, ...padding]))))).toEqual({
      status: 400,
      message: 'the padding of the decrypted text is broken',
    });
  });

  it.each(['*', ' ', '\n', '=', '-'])('refuses a ciphertext with %j slipped into it', (character) => {
    const sealed = cipher.encrypt('hello');
    expect(refusalOf(() => cipher.decrypt(`${sealed.slice(0, 20)}${character}${sealed.slice(20)}`))).toEqual({
      status: 400,
      message: 'the ciphertext is not base64',
    });
  });

  it('refuses every ciphertext with a flipped byte in its last two blocks', () => {
    const sealed = Buffer.from(cipher.encrypt('x'.repeat(30)), 'base64');
    for (let at = sealed.length - 32; at < sealed.length; at++) {
      const flipped = Buffer.from(sealed);
      flipped[at]! ^= 0x80;
      expect(() => cipher.decrypt(flipped.toString('base64'))).toThrow(PushRefusedError);
    }
  });

  it.each(['', KEY.slice(1), `${KEY}A`, `${KEY.slice(1)}=`, `${KEY.slice(1)}-`])(
    'does not start with %j as its key, and does not repeat it in the error',
    (key) => {
      const start = () => createPushCipher(APP_ID, key);
      expect(start).toThrow(/must be 43 characters/);
      if (key !== '') expect(start).not.toThrow(key);
    },
  );
});
