import { describe, expect, it } from 'vitest';
import { createForwarder, PushUndeliverableError } from '../../src/callback/forward.ts';
import { createFakeClock } from '../kit/fake-clock.ts';
import { createPushReceiver } from '../kit/push-receiver.ts';

const PUSH = { query: 'a=1', body: Buffer.from('<xml/>'), contentType: 'text/xml' };
const LOOPBACK = ['127.0.0.0/8'];

/** Why a push could not be passed on. */
const reasonOf = async (passing: Promise<unknown>): Promise<string> => {
  const error = await passing.then(
    () => new Error('it was passed on'),
    (reason: Error) => reason,
  );
  expect(error).toBeInstanceOf(PushUndeliverableError);
  return error.message;
};

const clock = createFakeClock();

it('looks a name up once and connects to the address that was checked', async () => {
  await using receiver = await createPushReceiver();
  const asked: string[] = [];
  const forward = createForwarder({
    allow: LOOPBACK,
    clock,
    resolve: async (host) => {
      asked.push(host);
      // A second answer would lead elsewhere.
      return [{ address: asked.length === 1 ? '127.0.0.1' : '127.9.9.9', family: 4 }];
    },
  });
  await forward(`http://rebind.example:${receiver.port}/x`, PUSH, 4_000);
  expect(asked).toEqual(['rebind.example']);
  expect(receiver.received).toHaveLength(1);
});

describe('does not connect', () => {
  it.each([
    [
      'to a name with an address that is not public',
      'http://shop.example',
      [{ address: '10.0.0.1', family: 4 }],
    ],
    [
      'to a name of which one address is not public',
      'http://shop.example',
      [
        { address: '1.1.1.1', family: 4 },
        { address: '::1', family: 6 },
      ],
    ],
    ['to a name without an address', 'http://shop.example', []],
    ['to this machine', 'http://127.0.0.1', []],
    ['to this machine by another spelling', 'http://0x7f.1', []],
    ['to this machine over IPv6', 'http://[::1]', []],
    ['to this machine by a mapped address', 'http://[::ffff:127.0.0.1]', []],
    ['to the secrets of a cloud', 'http://169.254.169.254/latest', []],
  ])('%s', async (_, url, addresses) => {
    const forward = createForwarder({ allow: [], clock, resolve: async () => addresses });
    expect(await reasonOf(forward(url, PUSH, 4_000))).toBe('its address is neither public nor allowed');
  });
});

it('appends the query to one that the address has itself', async () => {
  await using receiver = await createPushReceiver();
  const forward = createForwarder({ allow: LOOPBACK, clock });
  await forward(`${receiver.url}/a%2Fb?tenant=1`, { ...PUSH, query: 'nonce=%e4%BD&x=a+b' }, 4_000);
  expect(receiver.received).toMatchObject([{ path: '/a%2Fb?tenant=1&nonce=%e4%BD&x=a+b' }]);
});

it('gives up in time while the name is looked up, and while an answer trickles', async () => {
  await using receiver = await createPushReceiver();
  const slow = createForwarder({ allow: LOOPBACK, clock, resolve: () => new Promise(() => {}) });
  const looking = reasonOf(slow('http://shop.example', PUSH, 4_000));
  await clock.advance(4_000);
  expect(await looking).toBe('no answer came in time');

  receiver.script((response) => void response.write('succ'));
  const trickling = reasonOf(createForwarder({ allow: LOOPBACK, clock })(receiver.url, PUSH, 4_000));
  await receiver.untilReceived(1);
  await clock.advance(4_000);
  expect(await trickling).toBe('no answer came in time');
});

it.each([
  ['a redirect', 'HTTP 302', { status: 302, body: '' }],
  ['a refusal', 'HTTP 403', { status: 403, body: 'no' }],
  ['an error', 'HTTP 500', { status: 500, body: 'success' }],
  ['an answer that is too large', 'the answer is too large', { status: 200, body: 'x'.repeat(65_537) }],
])('takes %s for undelivered', async (_, reason, { status, body }) => {
  await using receiver = await createPushReceiver();
  const forward = createForwarder({ allow: LOOPBACK, clock });
  receiver.script((response) => response.writeHead(status, { location: `${receiver.url}/other` }).end(body));
  expect(await reasonOf(forward(receiver.url, PUSH, 4_000))).toBe(reason);
  expect(receiver.received).toHaveLength(1);
});

it('takes a connection that is refused or breaks for undelivered, and says nothing of the query', async () => {
  const receiver = await createPushReceiver();
  const forward = createForwarder({ allow: LOOPBACK, clock });
  receiver.script(
    (response) => response.destroy(),
    (response) => {
      response.writeHead(200, { 'content-length': '100' }).write('succ');
      setImmediate(() => response.destroy());
    },
  );
  const secret = { ...PUSH, query: 'signature=hush' };
  expect(await reasonOf(forward(receiver.url, secret, 4_000))).toBe('ECONNRESET');
  expect(await reasonOf(forward(receiver.url, secret, 4_000))).toBe('ECONNRESET');
  await receiver[Symbol.asyncDispose]();
  expect(await reasonOf(forward(receiver.url, secret, 4_000))).toBe('ECONNREFUSED');
});
