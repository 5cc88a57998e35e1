import * as wecom from '@wecom/crypto';
import { describe, expect, it } from 'vitest';
import { signPush } from '../../src/callback/sign-push.ts';
import { APP_ID, finishedXml, KEY, TOKEN } from './kit.ts';

const push = {
  token: TOKEN,
  appId: APP_ID,
  body: finishedXml(),
  timestamp: 1_714_037_059,
  nonce: '486452656',
};
const json = '{"ToUserName":"gh_4d00ed8d6399","MsgID":90261533849829378}';

describe('a signed push', () => {
  it('is plain as WeChat posts it', () => {
    const { query, body, contentType } = signPush({ ...push, token: 'AAAAA', openId: 'oV5Crjpxga' });
    expect(query.toString()).toBe(
      'signature=899cf89e464efb63f54ddac96b0a0a235f53aa78&timestamp=1714037059&nonce=486452656&openid=oV5Crjpxga',
    );
    expect(body).toBe(push.body);
    expect(contentType).toBe('text/xml');
  });

  it("is encrypted so that WeChat's own library verifies and opens it", () => {
    const { query, body } = signPush({
      ...push,
      mode: 'encrypted',
      encodingAesKey: KEY,
      openId: 'oV5Crjpxga',
    });
    const [, ciphertext] =
      /^<xml><ToUserName><!\[CDATA\[gh_4d00ed8d6399\]\]><\/ToUserName><Encrypt><!\[CDATA\[(.+)\]\]><\/Encrypt><\/xml>$/.exec(
        body,
      )!;
    expect([...query.keys()]).toEqual([
      'signature',
      'timestamp',
      'nonce',
      'openid',
      'encrypt_type',
      'msg_signature',
    ]);
    expect(query.get('encrypt_type')).toBe('aes');
    expect(query.get('msg_signature')).toBe(
      wecom.getSignature(TOKEN, push.timestamp, push.nonce, ciphertext!),
    );
    expect(wecom.decrypt(KEY, ciphertext!)).toMatchObject({ message: push.body, id: APP_ID });
  });

  it('keeps the plain fields beside the ciphertext in compatible mode', () => {
    const { body } = signPush({ ...push, mode: 'compatible', encodingAesKey: KEY });
    expect(body).toMatch(/<MsgID>1000001625<\/MsgID>.*<Encrypt><!\[CDATA\[.+\]\]><\/Encrypt><\/xml>$/s);
  });

  it('can be JSON, in which compatible mode keeps every digit', () => {
    const form = { ...push, body: json, encodingAesKey: KEY, format: 'json' as const };
    const encrypted = signPush({ ...form, mode: 'encrypted' });
    expect(encrypted.contentType).toBe('application/json');
    const { ToUserName, Encrypt } = JSON.parse(encrypted.body);
    expect(ToUserName).toBe('gh_4d00ed8d6399');
    expect(wecom.decrypt(KEY, Encrypt).message).toBe(json);
    expect(signPush({ ...form, mode: 'compatible' }).body).toMatch(
      /^\{"ToUserName":"gh_4d00ed8d6399","MsgID":90261533849829378,"Encrypt":".+"\}$/,
    );
  });

  it('cannot be encrypted without a key', () => {
    expect(() => signPush({ ...push, mode: 'encrypted' })).toThrow(/needs an EncodingAESKey/);
  });
});
