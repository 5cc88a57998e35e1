import { createPushCipher, type RandomBytes, signature } from './crypto.ts';

export interface PushToSign {
  token: string;
  appId: string;
  /** The message, in the format that `format` names. */
  body: string;
  /** Unix time in seconds. */
  timestamp: number;
  nonce: string;
  /** Needed for every mode but `plain`. */
  encodingAesKey?: string;
  /** What the account is set to on WeChat's side. @default 'plain' */
  mode?: 'plain' | 'encrypted' | 'compatible';
  /** The user whom the push is about. */
  openId?: string;
  /** @default 'xml' */
  format?: 'xml' | 'json';
  randomBytes?: RandomBytes;
}

export interface SignedPush {
  query: URLSearchParams;
  body: string;
  contentType: string;
}

/**
 * A push exactly as WeChat posts it to the callback URL.
 * @throws Error when the mode encrypts and there is no usable key
 */
export const signPush = (push: PushToSign): SignedPush => {
  const { token, appId, nonce, mode = 'plain', format = 'xml' } = push;
  const timestamp = String(push.timestamp);
  const contentType = format === 'json' ? 'application/json' : 'text/xml';
  const query = new URLSearchParams({ signature: signature(token, timestamp, nonce), timestamp, nonce });
  if (push.openId !== undefined) query.set('openid', push.openId);
  if (mode === 'plain') return { query, body: push.body, contentType };

  if (push.encodingAesKey === undefined) throw new Error(`A push in ${mode} mode needs an EncodingAESKey.`);
  const ciphertext = createPushCipher(appId, push.encodingAesKey, push.randomBytes).encrypt(push.body);
  query.set('encrypt_type', 'aes');
  query.set('msg_signature', signature(token, timestamp, nonce, ciphertext));
  const envelope = format === 'json' ? jsonEnvelope : xmlEnvelope;
  return { query, body: envelope(push.body, ciphertext, mode), contentType };
};

type Envelope = (body: string, ciphertext: string, mode: 'encrypted' | 'compatible') => string;

// Both envelopes are cut and joined as text: parsing would round ids above 2^53.
const xmlEnvelope: Envelope = (body, ciphertext, mode) => {
  const encrypt = `<Encrypt><![CDATA[${ciphertext}]]></Encrypt>`;
  if (mode === 'compatible') return `${body.slice(0, body.lastIndexOf('</xml>'))}${encrypt}</xml>`;
  const [toUserName = ''] = /<ToUserName>.*?<\/ToUserName>/s.exec(body) ?? [];
  return `<xml>${toUserName}${encrypt}</xml>`;
};

const jsonEnvelope: Envelope = (body, ciphertext, mode) => {
  const encrypt = `"Encrypt":"${ciphertext}"`;
  if (mode === 'compatible') return `${body.slice(0, body.lastIndexOf('}'))},${encrypt}}`;
  const [toUserName = '"ToUserName":""'] = /"ToUserName"\s*:\s*"[^"]*"/.exec(body) ?? [];
  return `{${toUserName},${encrypt}}`;
};
