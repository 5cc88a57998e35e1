import { createHash } from 'node:crypto';
import { decrypt } from '@wecom/crypto';
import { expect, it } from 'vitest';
import { mass, startReceiver, startSandbox, text, toTag } from './kit.ts';
import { parse, startPushing, TOKEN } from './pushing.ts';

const isSigned = (query: URLSearchParams, ...more: string[]) => {
  const parts = [TOKEN, query.get('timestamp') ?? '', query.get('nonce') ?? '', ...more];
  const expected = createHash('sha1').update(parts.sort().join('')).digest('hex');
  return query.get(more.length > 0 ? 'msg_signature' : 'signature') === expected;
};

it('pushes the result of a send once it is done, signed, and no sooner', async () => {
  await using started = await startPushing();
  const { sandbox, clock, begin, receiver, status } = started;
  const { msg_id } = await begin();
  await clock.advance(999);
  expect(receiver.received).toEqual([]);
  const pushed = sandbox.waitFor('push');
  await clock.advance(1);
  expect(await pushed).toMatchObject({ appId: 'wx_app', attempt: 1, accepted: true });
  const [{ query, headers, body } = { query: new URLSearchParams(), headers: {}, body: '' }] =
    receiver.received;
  expect(receiver.received).toHaveLength(1);
  expect(headers['content-type']).toBe('text/xml');
  expect(query.get('account')).toBe('1');
  expect(query.get('openid')).toBe('oSandbox_00001');
  expect(isSigned(query)).toBe(true);
  expect(parse(body)).toEqual({
    ToUserName: expect.stringMatching(/^gh_[\da-f]{12}$/),
    FromUserName: 'oSandbox_00001',
    CreateTime: String(clock.now().getTime() / 1000),
    MsgType: 'event',
    Event: 'MASSSENDJOBFINISH',
    MsgID: String(msg_id),
    Status: 'send success',
    TotalCount: '4',
    FilterCount: '4',
    SentCount: '4',
    ErrorCount: '0',
  });
  expect(await status(msg_id)).toBe('SEND_SUCCESS');
});

it.each([
  ['encrypted', undefined],
  ['compatible', 'send success'],
] as const)('pushes in %s mode so that a foreign library can read it', async (pushMode, plainStatus) => {
  const encodingAesKey = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
  await using started = await startPushing({ encodingAesKey, pushMode });
  const { result, receiver } = started;
  await result();
  const [push] = receiver.received;
  const envelope = parse(push?.body ?? '');
  expect(envelope.Status).toBe(plainStatus);
  expect(push?.query.get('encrypt_type')).toBe('aes');
  expect(isSigned(push!.query, envelope.Encrypt)).toBe(true);
  const { message, id } = decrypt(encodingAesKey, envelope.Encrypt);
  expect(id).toBe('wx_app');
  expect(parse(message).Status).toBe('send success');
});

it('pushes up to three times, five seconds apart, until it is accepted', async () => {
  const answers = [503, 500, 200, 503, 503, 503];
  await using started = await startPushing({}, (response) => {
    response.writeHead(answers.shift() ?? 200).end();
  });
  const { sandbox, clock, begin, receiver } = started;
  const attempt = async (milliseconds: number) => {
    const pushed = sandbox.waitFor('push');
    await clock.advance(milliseconds);
    const { attempt, accepted } = await pushed;
    return [attempt, accepted];
  };
  await begin();
  expect(await attempt(1000)).toEqual([1, false]);
  await clock.advance(4999);
  expect(receiver.received).toHaveLength(1);
  expect(await attempt(1)).toEqual([2, false]);
  expect(await attempt(5000)).toEqual([3, true]);
  await begin(text('other'));
  expect(await attempt(1000)).toEqual([1, false]);
  expect(await attempt(5000)).toEqual([2, false]);
  expect(await attempt(5000)).toEqual([3, false]);
  await clock.advance(60_000);
  expect(receiver.received).toHaveLength(6);
});

it('waits five seconds for an answer', async () => {
  await using started = await startPushing({}, () => {});
  const { sandbox, clock, begin, receiver } = started;
  await begin();
  const arrived = receiver.next();
  await clock.advance(1000);
  await arrived;
  const pushed = sandbox.waitFor('push');
  const again = receiver.next();
  await clock.advance(5000);
  expect(await pushed).toMatchObject({ attempt: 1, answer: null, accepted: false });
  await clock.advance(0);
  await again;
});

it.each([
  ['other words', 200, 'ok', false],
  ['nothing', 200, '', true],
  ['success', 200, 'success', true],
  ['success with another status', 500, 'success', false],
])('takes %s for an answer: %i %j', async (_, status, words, accepted) => {
  await using started = await startPushing({}, (response) => {
    response.writeHead(status).end(words);
  });
  const { sandbox, clock, begin } = started;
  const pushed = sandbox.waitFor('push');
  await begin();
  await clock.advance(1000);
  expect(await pushed).toMatchObject({ accepted, answer: { status, body: words } });
});

it('pushes nothing without a callback URL, and goes on sending', async () => {
  await using started = await startSandbox({ callbackToken: TOKEN });
  const { call, clock, sandbox, account } = started;
  await call(mass('sendall'), { ...toTag(2), ...text('hello') });
  await clock.advance(1000);
  expect(sandbox.sends(account.appId)).toMatchObject([{ status: 'SEND_SUCCESS' }]);
  expect(await sandbox.push(account.appId, '<xml></xml>')).toBe(false);
});

it('pushes any other message to a URL that was set later', async () => {
  await using receiver = await startReceiver();
  await using started = await startSandbox({ callbackToken: TOKEN });
  const { sandbox, account } = started;
  sandbox.setCallbackUrl(account.appId, receiver.url);
  const xml = '<xml><FromUserName>oSandbox_00007</FromUserName><MsgType>text</MsgType></xml>';
  expect(await sandbox.push(account.appId, xml)).toBe(true);
  const [push] = receiver.received;
  expect(push?.body).toBe(xml);
  expect(push?.query.get('openid')).toBe('oSandbox_00007');
  expect(isSigned(push!.query)).toBe(true);
});

it('ends what is under way when it is closed', async () => {
  await using receiver = await startReceiver(() => {});
  const { sandbox, clock, call } = await startSandbox({ callbackToken: TOKEN, callbackUrl: receiver.url });
  await call(mass('sendall'), { ...toTag(2), ...text('hello') });
  const arrived = receiver.next();
  await clock.advance(1000);
  await arrived;
  const pushed = sandbox.waitFor('push');
  await sandbox.close();
  expect(await pushed).toMatchObject({ answer: null });
  await sandbox.close();
  await expect(fetch(sandbox.url)).rejects.toThrow('fetch failed');
  await clock.advance(60_000);
  expect(receiver.received).toHaveLength(1);
});
