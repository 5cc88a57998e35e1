import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signature } from '../../src/callback/crypto.ts';
import {
  createCallbackHandler,
  MAX_PUSH_BYTES,
  type CallbackRequest as WireRequest,
} from '../../src/callback/handler.ts';
import { PushReceipt, type ReceivedPush } from '../../src/callback/received-push.ts';
import { type PushToSign, signPush } from '../../src/callback/sign-push.ts';
import type { CallbackAccount } from '../../src/callback/verify-push.ts';
import type { Clock } from '../../src/clock.ts';
import { silentLog } from '../../src/log.ts';
import { APP_ID, finishedXml, KEY, OTHER_KEY, TOKEN } from './kit.ts';

const NOW = new Date('2026-03-01T12:00:00.123Z');
const clock: Clock = { now: () => NOW, after: () => () => {} };
const ACCOUNT: CallbackAccount = {
  appId: APP_ID,
  callbackToken: TOKEN,
  encodingAesKey: null,
  encodingAesKeyPrevious: null,
  callbackForwardUrl: null,
};
const TEXT = '<xml><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[你好 👋]]></Content></xml>';

interface LogLine {
  level: string;
  context: object;
  message: string;
}

type CallbackRequest = Omit<WireRequest, 'wire'>;

const onWire = (request: CallbackRequest): WireRequest => ({
  ...request,
  wire: { query: request.query.toString(), body: Buffer.from(request.body), contentType: 'text/xml' },
});

/** Nothing is passed on here. */
const forward = () => Promise.reject(new Error('it was passed on'));

/** A handler for one account, with what it stored and what it logged. */
const createWorld = (
  account: Partial<CallbackAccount> = {},
  failure?: Error,
  receipt: PushReceipt = PushReceipt.STORED,
) => {
  const counted: unknown[] = [];
  const stored: ReceivedPush[] = [];
  const lines: LogLine[] = [];
  const write = (level: string) => (context: object, message: string) => {
    lines.push({ level, context, message });
  };
  const handler = createCallbackHandler({
    accounts: (appId) => (appId === APP_ID ? { ...ACCOUNT, appId, ...account } : undefined),
    inbox: {
      receive: async (push) => {
        if (failure) throw failure;
        stored.push(push);
        return receipt;
      },
    },
    observer: {
      pushReceived: (kind, lag) => counted.push([kind, lag]),
      pushRefused: (reason) => counted.push(reason),
      oldTimestamp: () => counted.push('old'),
    },
    forward,
    maxAgeMs: 600_000,
    clock,
    log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
  });
  return { handle: (request: CallbackRequest) => handler(onWire(request)), stored, lines, counted };
};

/** A push of the account, signed by WeChat's side. */
const pushOf = (push: Partial<PushToSign> = {}): CallbackRequest => {
  const { query, body } = signPush({
    token: TOKEN,
    appId: APP_ID,
    body: TEXT,
    timestamp: Math.floor(NOW.getTime() / 1000),
    nonce: '486452656',
    ...push,
  });
  return { method: 'POST', appId: APP_ID, query, body, remoteAddress: '203.0.113.7' };
};

const encryptedPush = (push: Partial<PushToSign> = {}): CallbackRequest =>
  pushOf({ mode: 'encrypted', encodingAesKey: KEY, ...push });

const handshake = (change: (query: URLSearchParams) => void = () => {}): CallbackRequest => {
  const query = new URLSearchParams({
    signature: signature(TOKEN, '1714037059', '486452656'),
    timestamp: '1714037059',
    nonce: '486452656',
    echostr: '4375120948345356249',
  });
  change(query);
  return { method: 'GET', appId: APP_ID, query, body: '' };
};

const withQuery = (request: CallbackRequest, change: (query: URLSearchParams) => void): CallbackRequest => {
  const query = new URLSearchParams(request.query);
  change(query);
  return { ...request, query };
};

describe('the handshake', () => {
  it('is answered with the bare echostr, whatever the mode of the account', async () => {
    for (const account of [{}, { encodingAesKey: KEY }]) {
      const { handle, stored } = createWorld(account);
      expect(await handle(handshake())).toEqual({ status: 200, body: '4375120948345356249' });
      expect(stored).toEqual([]);
    }
  });

  it("takes WeChat's published check value", async () => {
    const { handle } = createWorld({ callbackToken: 'AAAAA' });
    const request = handshake((query) => query.set('signature', '899cf89e464efb63f54ddac96b0a0a235f53aa78'));
    expect(await handle(request)).toEqual({ status: 200, body: '4375120948345356249' });
  });
});

describe('a push', () => {
  it('is stored before it is answered', async () => {
    const { promise: storing, resolve: stored } = Promise.withResolvers<PushReceipt>();
    const handle = createCallbackHandler({
      accounts: (appId) => ({ ...ACCOUNT, appId }),
      inbox: { receive: () => storing },
      forward,
      maxAgeMs: 600_000,
      clock,
      log: silentLog,
    });
    const order: string[] = [];
    const answer = handle(onWire(pushOf())).then(({ body }) => order.push(String(body)));
    await new Promise(setImmediate);
    order.push('stored');
    stored(PushReceipt.STORED);
    await answer;
    expect(order).toEqual(['stored', 'success']);
  });

  it('that is plain is stored with its kind and every letter', async () => {
    const { handle, stored, lines } = createWorld();
    expect(await handle(pushOf())).toEqual({ status: 200, body: 'success' });
    expect(stored).toEqual([
      {
        appId: APP_ID,
        receivedAt: NOW,
        digest: createHash('sha256').update(TEXT).digest('hex'),
        msgType: 'text',
        event: null,
        raw: TEXT,
        result: null,
        plainSignature: signature(TOKEN, '1772366400', '486452656'),
      },
    ]);
    expect(lines).toEqual([]);
  });

  it.each([
    ['xml', 'encrypted', finishedXml()],
    ['xml', 'compatible', finishedXml()],
    [
      'json',
      'encrypted',
      '{"ToUserName":"gh_1","MsgType":"event","Event":"MASSSENDJOBFINISH","MsgID":1000001625,"Status":"send success"}',
    ],
    [
      'json',
      'compatible',
      '{"ToUserName":"gh_1","MsgType":"event","Event":"MASSSENDJOBFINISH","MsgID":1000001625,"Status":"send success"}',
    ],
  ] as const)('in %s that is %s is decrypted and read', async (format, mode, body) => {
    const { handle, stored } = createWorld({ encodingAesKey: KEY });
    expect(await handle(encryptedPush({ format, mode, body }))).toEqual({ status: 200, body: 'success' });
    expect(stored).toMatchObject([
      { msgType: 'event', event: 'MASSSENDJOBFINISH', raw: body, result: { msgId: '1000001625' } },
    ]);
  });

  it.each([
    ['bare in its element', (body: string) => body.replace('<![CDATA[', '').replace(']]>', '')],
    [
      'between line ends',
      (body: string) => body.replace('<Encrypt>', '<Encrypt>\n').replace('</Encrypt>', '\n</Encrypt>'),
    ],
    ['after a byte order mark', (body: string) => `\uFEFF\n${body}`],
  ])('is found when its ciphertext stands %s', async (_, change) => {
    const { handle, stored } = createWorld({ encodingAesKey: KEY });
    const request = encryptedPush({ body: '<xml><MsgType>event</MsgType></xml>' });
    expect(await handle({ ...request, body: change(request.body) })).toMatchObject({ status: 200 });
    expect(stored).toHaveLength(1);
  });

  it('is found when JSON escapes the slashes of its ciphertext', async () => {
    const { handle, stored } = createWorld({ encodingAesKey: KEY });
    const request = encryptedPush({ format: 'json', body: `{"Content":"${'x'.repeat(2_000)}"}` });
    const body = request.body.replaceAll('/', '\\/');
    expect(body).not.toBe(request.body);
    expect(await handle({ ...request, body })).toMatchObject({ status: 200 });
    expect(stored).toHaveLength(1);
  });

  it('in compatible mode is what its ciphertext says, not what stands beside it', async () => {
    const { handle, stored } = createWorld({ encodingAesKey: KEY });
    const request = encryptedPush({ mode: 'compatible', body: finishedXml() });
    const forged = request.body.replace('1000001625', '666').replace('send success', 'err(10001)');
    expect(await handle({ ...request, body: forged })).toMatchObject({ status: 200 });
    expect(stored[0]).toMatchObject({ raw: finishedXml(), result: { msgId: '1000001625', delivered: true } });
  });

  it('is found behind ciphertexts that a user has written into a message', async () => {
    const { handle, stored } = createWorld({ encodingAesKey: KEY });
    const words = '<xml><Content><![CDATA[<Encrypt>AAAA</Encrypt><Encrypt>BBBB</Encrypt>]]></Content></xml>';
    expect(await handle(encryptedPush({ mode: 'compatible', body: words }))).toMatchObject({ status: 200 });
    expect(stored[0]?.raw).toBe(words);
  });

  it('is found among as many ciphertexts as a body can hold, in front of it and behind it, in good time', async () => {
    const { handle, stored } = createWorld({ encodingAesKey: KEY });
    const { query, body } = encryptedPush();
    const decoy = `<Encrypt>${'A'.repeat(44)}</Encrypt>`;
    const decoys = decoy.repeat(Math.floor((MAX_PUSH_BYTES - body.length) / decoy.length / 2));
    const hostile = body.replace('<Encrypt>', `${decoys}<Encrypt>`).replace('</xml>', `${decoys}</xml>`);
    const started = performance.now();
    expect(await handle({ ...encryptedPush(), query, body: hostile })).toMatchObject({ status: 200 });
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(stored[0]?.raw).toBe(TEXT);
  });

  it.each([
    '<Encrypt>',
    '<Encrypt><![CDATA[',
    '<Encrypt><![CDATA[AAAA]]>',
    '</Encrypt>',
    '<Encrypt>AAAA</Encrypt',
  ])('is found behind %s that a user has written into a message', async (words) => {
    const { handle, stored } = createWorld({ encodingAesKey: KEY });
    const body = `<xml><Content><![CDATA[${words.repeat(50)}]]></Content></xml>`;
    expect(await handle(encryptedPush({ mode: 'compatible', body }))).toMatchObject({ status: 200 });
    expect(stored[0]?.raw).toBe(body);
  });

  it('is found in JSON behind ciphertexts that a user has written into a message', async () => {
    const { handle, stored } = createWorld({ encodingAesKey: KEY });
    const body = JSON.stringify({
      Content: `"Encrypt":"${'A'.repeat(44)}"`.repeat(50),
      a: 'Encrypt',
      b: ':',
    });
    const request = encryptedPush({ mode: 'compatible', format: 'json', body });
    expect(await handle(request)).toMatchObject({ status: 200 });
    const escaped = request.body.replace(
      /(?<="Encrypt":"[A-Za-z0-9+/]*)[+=]/g,
      (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
    );
    expect(await handle({ ...request, body: escaped })).toMatchObject({ status: 200 });
    expect(stored.map(({ raw }) => raw)).toEqual([body, body]);
  });

  it('is decrypted with the previous key while the keys are being changed', async () => {
    const { handle, stored } = createWorld({ encodingAesKey: OTHER_KEY, encodingAesKeyPrevious: KEY });
    expect(await handle(encryptedPush())).toMatchObject({ status: 200 });
    expect(await handle(encryptedPush({ encodingAesKey: OTHER_KEY }))).toMatchObject({ status: 200 });
    expect(stored).toHaveLength(2);
  });

  it('has the same digest every time it is delivered, and another one with other contents', async () => {
    const { handle, stored } = createWorld({ encodingAesKey: KEY });
    const [first, again] = [encryptedPush(), encryptedPush({ timestamp: 1_714_037_064 })];
    expect(again.body).not.toBe(first.body);
    for (const request of [first, again, encryptedPush({ body: finishedXml() })]) await handle(request);
    const [one, two, other] = stored.map(({ digest }) => digest);
    expect(two).toBe(one);
    expect(other).not.toBe(one);
  });

  it('brings no U+0000 to the store', async () => {
    const { handle, stored } = createWorld();
    const xml = finishedXml({ status: '<![CDATA[send\0fail]]>' });
    const json = '{"Event":"MASSSENDJOBFINISH","MsgType":"a\\u0000b","MsgID":1,"Status":"\\u0000"}';
    for (const body of [xml, json]) expect(await handle(pushOf({ body }))).toMatchObject({ status: 200 });
    expect(stored.map(({ result }) => result?.rawStatus)).toEqual(['send\uFFFDfail', '\uFFFD']);
    expect(stored[0]).toMatchObject({
      raw: xml.replace('\0', '\uFFFD'),
      digest: createHash('sha256').update(xml).digest('hex'),
    });
    expect(stored[1]?.msgType).toBe('a\uFFFDb');
  });

  it('as large as allowed is taken', async () => {
    const { handle, stored } = createWorld();
    const body = TEXT.replace('你好', 'x'.repeat(MAX_PUSH_BYTES - Buffer.byteLength(TEXT) + 6));
    expect(Buffer.byteLength(body)).toBe(MAX_PUSH_BYTES);
    expect(await handle(pushOf({ body }))).toMatchObject({ status: 200 });
    expect(stored).toHaveLength(1);
  });
});

describe('a push that WeChat signed and nobody can read', () => {
  it.each([
    ['open XML', '<xml><MsgType>event</MsgType><Content>open'],
    ['broken JSON', '{"MsgType":'],
    ['words', 'hello'],
    ['nothing', ''],
    ['a record without fields', '<xml></xml>'],
    ['a hundred levels', `<xml>${'<a>'.repeat(100)}${'</a>'.repeat(100)}</xml>`],
    ['a name of JavaScript', '<xml><__proto__><polluted>1</polluted></__proto__></xml>'],
  ])('is kept as it came: %s', async (_, body) => {
    for (const mode of ['plain', 'encrypted'] as const) {
      const { handle, stored, lines } = createWorld(mode === 'plain' ? {} : { encodingAesKey: KEY });
      expect(await handle(mode === 'plain' ? pushOf({ body }) : encryptedPush({ body }))).toEqual({
        status: 200,
        body: 'success',
      });
      expect(stored).toMatchObject([{ raw: body, msgType: null, event: null, result: null }]);
      expect(lines).toEqual([
        {
          level: 'warn',
          context: { appId: APP_ID, reason: expect.any(String) },
          message: 'a push cannot be read and is kept as it came',
        },
      ]);
      expect({}).not.toHaveProperty('polluted');
    }
  });

  it.each([
    [
      'XML',
      (name: string) =>
        `<xml><Event>${'MASSSENDJOBFINISH'}</Event><MsgID>1</MsgID><${name}>1</${name}></xml>`,
    ],
    [
      'JSON',
      (name: string) =>
        `{"Event":"MASSSENDJOBFINISH","MsgID":1,"${name}":{"MsgID":2,"Status":"send success"}}`,
    ],
  ])('is no worse for a field with a name of JavaScript, in %s', async (format, write) => {
    for (const name of [
      '__proto__',
      'constructor',
      'prototype',
      'toString',
      'hasOwnProperty',
      'valueOf',
      'then',
    ]) {
      const { handle, stored } = createWorld();
      expect(await handle(pushOf({ body: write(name) }))).toMatchObject({ status: 200 });
      expect(stored).toHaveLength(1);
      // The reader of XML gives up at some of them.
      if (format === 'JSON') expect(stored[0]?.result).toMatchObject({ msgId: '1', rawStatus: '' });
    }
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('Status');
    expect(String({})).toBe('[object Object]');
  });
});

describe('the age of a request', () => {
  const signedBefore = (seconds: number) => pushOf({ timestamp: Math.floor(NOW.getTime() / 1000) - seconds });

  it('is told of where it is conspicuous, and the push is taken', async () => {
    const { handle, stored, lines, counted } = createWorld();
    expect(await handle(signedBefore(601))).toEqual({ status: 200, body: 'success' });
    expect(stored).toHaveLength(1);
    expect(lines).toEqual([
      {
        level: 'warn',
        context: { appId: APP_ID, remoteAddress: '203.0.113.7', ageMs: 601_123 },
        message: 'a push was signed long ago and is taken all the same',
      },
    ]);
    expect(counted).toEqual(['old', ['other', null]]);
  });

  it('is nothing to tell of within ten minutes, or where the timestamp is no number', async () => {
    const { handle, lines, counted } = createWorld();
    await handle(signedBefore(599));
    await handle(signedBefore(-86_400));
    const odd = withQuery(pushOf(), (query) => {
      query.set('timestamp', 'long ago');
      query.set('signature', signature(TOKEN, 'long ago', '486452656'));
    });
    expect(await handle(odd)).toMatchObject({ status: 200 });
    expect(lines).toEqual([]);
    expect(counted).not.toContain('old');
  });
});

describe('what comes is counted', () => {
  it('by kind, with the time since WeChat made it, and by the reason of a refusal', async () => {
    const { handle, counted } = createWorld();
    const created = Math.floor(NOW.getTime() / 1000) - 3;
    const body = finishedXml().replace('1481013459', String(created));
    for (const request of [pushOf({ body }), pushOf(), pushOf({ token: 'guess' })]) await handle(request);
    expect(counted).toEqual([['result', expect.closeTo(3.123)], ['other', null], 'signature']);
  });

  it('as a repeat where it was there already', async () => {
    const { handle, counted } = createWorld({}, undefined, PushReceipt.KNOWN);
    await handle(pushOf());
    expect(counted).toEqual([['repeat', null]]);
  });
});

describe('a signature that the inbox knows with another body', () => {
  it('is refused', async () => {
    const { handle, counted } = createWorld({}, undefined, PushReceipt.FORGED);
    const reason = 'the signature was used for another push before';
    expect(await handle(pushOf({ body: finishedXml() }))).toEqual({ status: 403, body: reason });
    expect(counted).toEqual(['replay']);
  });

  it('is told to the inbox in plain mode only', async () => {
    const { handle, stored } = createWorld({ encodingAesKey: KEY });
    await handle(encryptedPush());
    expect(stored[0]?.plainSignature).toBeNull();
  });
});

describe('a push that cannot be stored', () => {
  it('is asked for again, with one line in the log that does not hold it', async () => {
    const cause = new Error('database is locked');
    const failure = new Error(`Failed query: insert into pushes values (${TEXT})`, { cause });
    const { handle, lines } = createWorld({}, failure);
    expect(await handle(pushOf())).toEqual({ status: 500, body: 'try again' });
    expect(lines).toEqual([
      {
        level: 'error',
        context: { appId: APP_ID, reason: 'database is locked' },
        message: 'push not stored, WeChat will repeat it',
      },
    ]);
  });
});

describe('a refusal', () => {
  interface Refused {
    title: string;
    account?: Partial<CallbackAccount>;
    request: CallbackRequest;
    status: number;
    reason: string;
  }
  const cases: Refused[] = [
    {
      title: 'an app id that is not ours',
      request: { ...pushOf(), appId: 'wx0000000000000000' },
      status: 404,
      reason: 'no such account',
    },
    ...['PUT', 'DELETE', 'HEAD', 'OPTIONS'].map((method) => ({
      title: `the method ${method}`,
      request: { ...pushOf(), method },
      status: 405,
      reason: 'only GET and POST are answered here',
    })),
    ...[null, ''].flatMap((callbackToken) => [
      {
        title: `the handshake of an account with ${JSON.stringify(callbackToken)} as its token`,
        account: { callbackToken },
        request: handshake((query) =>
          query.set('signature', signature(callbackToken ?? 'null', '1714037059', '486452656')),
        ),
        status: 403,
        reason: 'this account takes no pushes',
      },
      {
        title: `a push to an account with ${JSON.stringify(callbackToken)} as its token`,
        account: { callbackToken },
        request: pushOf({ token: callbackToken ?? 'null' }),
        status: 403,
        reason: 'this account takes no pushes',
      },
    ]),
    {
      title: 'a handshake without a signature',
      request: handshake((query) => query.delete('signature')),
      status: 401,
      reason: 'signature is missing',
    },
    {
      title: 'a handshake with a wrong signature',
      request: handshake((query) => query.set('nonce', '486452657')),
      status: 403,
      reason: 'the signature is wrong',
    },
    {
      title: 'a handshake without a timestamp',
      request: handshake((query) => query.delete('timestamp')),
      status: 403,
      reason: 'the signature is wrong',
    },
    {
      title: 'a plain push without a signature',
      request: withQuery(pushOf(), (query) => query.delete('signature')),
      status: 401,
      reason: 'signature is missing',
    },
    {
      title: 'a plain push with an empty signature',
      request: withQuery(pushOf(), (query) => query.set('signature', '')),
      status: 401,
      reason: 'signature is missing',
    },
    {
      title: 'a plain push signed with another token',
      request: pushOf({ token: 'guess' }),
      status: 403,
      reason: 'the signature is wrong',
    },
    {
      title: 'a plain push to an account with a key',
      account: { encodingAesKey: KEY },
      request: pushOf(),
      status: 403,
      reason: 'this account takes encrypted pushes only',
    },
    {
      title: 'a plain push to an account with a previous key only',
      account: { encodingAesKeyPrevious: KEY },
      request: pushOf(),
      status: 403,
      reason: 'this account takes encrypted pushes only',
    },
    {
      title: 'an encrypted push that is passed off as plain',
      account: { encodingAesKey: KEY },
      request: withQuery(encryptedPush({ mode: 'compatible' }), (query) => query.delete('encrypt_type')),
      status: 403,
      reason: 'this account takes encrypted pushes only',
    },
    {
      title: 'an encrypted push to an account without a key',
      request: encryptedPush(),
      status: 403,
      reason: 'this account has no key for encrypted pushes',
    },
    {
      title: 'an encrypted push with a plain signature only',
      account: { encodingAesKey: KEY },
      request: withQuery(encryptedPush(), (query) => query.delete('msg_signature')),
      status: 401,
      reason: 'msg_signature is missing',
    },
    {
      title: 'an encrypted push with the plain signature as its own',
      account: { encodingAesKey: KEY },
      request: withQuery(encryptedPush(), (query) => query.set('msg_signature', query.get('signature')!)),
      status: 403,
      reason: 'the signature is wrong',
    },
    {
      title: 'a ciphertext that was signed in another request',
      account: { encodingAesKey: KEY },
      request: { ...encryptedPush(), body: encryptedPush({ body: finishedXml() }).body },
      status: 403,
      reason: 'the signature is wrong',
    },
    {
      title: 'an encrypted push without a ciphertext',
      account: { encodingAesKey: KEY },
      request: { ...encryptedPush(), body: TEXT },
      status: 400,
      reason: 'the body holds no ciphertext',
    },
    {
      title: 'a push that neither key opens',
      account: { encodingAesKey: OTHER_KEY, encodingAesKeyPrevious: KEY.toLowerCase() },
      // Other random bytes could by chance decrypt to an intact padding and be refused for the length behind it.
      request: encryptedPush({ randomBytes: (size) => Buffer.alloc(size, 7) }),
      status: 400,
      reason: 'the padding of the decrypted text is broken',
    },
    {
      title: 'a push for another app',
      account: { encodingAesKey: KEY, encodingAesKeyPrevious: OTHER_KEY },
      request: encryptedPush({ appId: 'wx0000000000000000' }),
      status: 403,
      reason: 'the push is for another app',
    },
    {
      title: 'a push for another app under the previous key',
      account: { encodingAesKey: OTHER_KEY, encodingAesKeyPrevious: KEY },
      request: encryptedPush({ appId: 'wx0000000000000000' }),
      status: 403,
      reason: 'the push is for another app',
    },
    {
      title: 'an encrypted push that holds a DOCTYPE',
      account: { encodingAesKey: KEY },
      request: encryptedPush({ body: `<!DOCTYPE xml [<!ENTITY a "b">]>${TEXT}` }),
      status: 400,
      reason: 'the push holds a DOCTYPE',
    },
    {
      title: 'a body one byte too large',
      request: pushOf({
        body: TEXT.replace('你好', 'x'.repeat(MAX_PUSH_BYTES - Buffer.byteLength(TEXT) + 7)),
      }),
      status: 413,
      reason: 'the push is too large',
    },
  ];

  it.each(cases)('of $title: $status, nothing stored, one line without secrets', async (refused) => {
    const { account, request, status, reason } = refused;
    const { handle, stored, lines } = createWorld(account);
    expect(await handle(request)).toEqual({ status, body: reason });
    expect(stored).toEqual([]);
    expect(lines).toEqual([
      {
        level: 'warn',
        context: { appId: request.appId, remoteAddress: request.remoteAddress, status, reason },
        message: 'push refused',
      },
    ]);
    const line = JSON.stringify(lines);
    const signatures = ['signature', 'msg_signature'].map((name) => request.query.get(name));
    for (const secret of [TOKEN, KEY, OTHER_KEY, '你好', ...signatures]) {
      if (secret) expect(line).not.toContain(secret);
    }
  });
});
