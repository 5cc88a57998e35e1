import { once } from 'node:events';
import { request } from 'node:http';
import { expect, it } from 'vitest';
import { MAX_PUSH_BYTES } from '../../src/callback/handler.ts';
import { closed } from '../kit/closed.ts';
import { oneWorld } from '../kit/one-world.ts';
import { postPush, resultXml, signed } from '../kit/pushes.ts';
import { countRows } from '../kit/sql.ts';
import { createWorld, type World, type WorldOptions } from '../kit/world.ts';

const PLAIN: WorldOptions = { account: { encodingAesKey: undefined } as never };
const encrypted = oneWorld();
const plain = oneWorld(PLAIN);
const withTokenless = oneWorld({ others: [{ appId: 'wx2', appSecret: 'x', type: 'service' }] });

const OTHER_KEY = 'ZYXWVUTSRQPONMLKJIHGFEDCBA9876543210zyxwvut';
const XML = resultXml({ msgId: '3147483648' });
const EVIL = '<!DOCTYPE xml [<!ENTITY a "b">]><xml><MsgType>event</MsgType><Event>&a;</Event></xml>';

interface Refused {
  what: string;
  /** Where it is not one that encrypts. */
  to?: () => World;
  status: number;
  push: (world: World) => ReturnType<typeof signed>;
  appId?: string;
}

/** A push whose query was tampered with. */
const tampered = (world: World, change: (query: URLSearchParams) => void, push = {}) => {
  const made = signed(world, XML, push);
  change(made.query);
  return made;
};

const refused: Refused[] = [
  {
    what: 'a plain push without a signature',
    to: plain,
    status: 401,
    push: (world) => tampered(world, (query) => query.delete('signature')),
  },
  {
    what: 'an encrypted push without the signature of its ciphertext',
    status: 401,
    push: (world) => tampered(world, (query) => query.delete('msg_signature')),
  },
  {
    what: 'an empty signature',
    to: plain,
    status: 401,
    push: (world) => tampered(world, (query) => query.set('signature', '')),
  },
  {
    what: 'a plain push that was signed with another token',
    to: plain,
    status: 403,
    push: (world) => signed(world, XML, { token: 'guessed' }),
  },
  {
    what: 'an encrypted push that was signed with another token',
    status: 403,
    push: (world) => signed(world, XML, { token: 'guessed' }),
  },
  {
    what: 'a ciphertext that its signature was not made for',
    status: 403,
    push: (world) => ({ ...signed(world, XML), body: signed(world, resultXml({ msgId: '1' })).body }),
  },
  {
    what: 'a signature of another moment',
    status: 403,
    push: (world) => tampered(world, (query) => query.set('timestamp', '1714037060')),
  },
  {
    what: 'a ciphertext that was made for another app',
    status: 403,
    push: (world) => signed(world, XML, { appId: 'wx9999999999999999' }),
  },
  {
    what: 'a plain push to an account with a key',
    status: 403,
    push: (world) => signed(world, XML, { mode: 'plain' }),
  },
  {
    what: 'an encrypted push to an account without a key',
    to: plain,
    status: 403,
    push: (world) => signed(world, XML, { mode: 'encrypted', encodingAesKey: OTHER_KEY }),
  },
  {
    what: 'a ciphertext of a key that the account does not have',
    status: 400,
    push: (world) => signed(world, XML, { encodingAesKey: OTHER_KEY }),
  },
  { what: 'a DOCTYPE in a plain push', to: plain, status: 400, push: (world) => signed(world, EVIL) },
  { what: 'a DOCTYPE in an encrypted push', status: 400, push: (world) => signed(world, EVIL) },
  {
    what: 'a push for an account that is not configured',
    status: 404,
    push: (world) => signed(world, XML),
    appId: 'wx9999999999999999',
  },
  {
    what: 'a push for an account without a callback token',
    to: withTokenless,
    status: 403,
    push: (world) => signed(world, XML, { token: '' }),
    appId: 'wx2',
  },
  {
    what: 'a push of more than 256 KB',
    to: plain,
    status: 413,
    push: (world) => signed(world, `<xml>${' '.repeat(MAX_PUSH_BYTES)}</xml>`),
  },
];

/** What the gateway kept and said while something was done. */
async function traceOf(world: World, act: () => Promise<unknown>) {
  const before = await countRows(world.config.databaseUrl);
  const lines = world.log.length;
  await act();
  expect(await countRows(world.config.databaseUrl)).toEqual(before);
  return world.log.slice(lines);
}

it.each(refused)('refuses $what with $status, and keeps nothing but a line in the log', async (refusal) => {
  const world = (refusal.to ?? encrypted)();
  const appId = refusal.appId ?? world.appId;
  const push = refusal.push(world);
  const lines = await traceOf(world, async () => {
    expect(await postPush(world, push, appId)).toMatchObject({ status: refusal.status });
  });
  expect(lines).toEqual([
    {
      level: 'warn',
      message: 'push refused',
      context: {
        appId,
        status: refusal.status,
        remoteAddress: '127.0.0.1',
        reason: expect.any(String),
        requestId: expect.any(String),
      },
    },
  ]);
  expect(JSON.stringify(lines)).not.toContain('callbacktoken');
});

it('refuses a push of more than 256 KB while it still comes', async () => {
  const world = plain();
  const { query } = signed(world, '');
  const lines = await traceOf(world, async () => {
    const outgoing = request(`${world.url}/wechat/callback/${world.appId}?${query}`, { method: 'POST' });
    // Cut off in the middle of a write, once it has its answer.
    outgoing.on('error', () => {});
    const answered = once(outgoing, 'response');
    outgoing.write(Buffer.alloc(MAX_PUSH_BYTES));
    outgoing.write(' ');
    const [response] = await answered;
    expect(response.statusCode).toBe(413);
    response.resume();
    await closed(outgoing);
  });
  expect(lines).toMatchObject([{ level: 'warn', context: { status: 413 } }]);
});

it('takes a push of exactly 256 KB', async () => {
  await using world = await createWorld(PLAIN);
  const [start, end] = ['<xml><MsgType>text</MsgType><Content>', '</Content></xml>'];
  const content = '字'.repeat((MAX_PUSH_BYTES - start.length - end.length) / 3);
  const body = `${start}${content}${' '.repeat((MAX_PUSH_BYTES - start.length - end.length) % 3)}${end}`;
  expect(Buffer.byteLength(body)).toBe(MAX_PUSH_BYTES);
  expect(await postPush(world, signed(world, body))).toEqual({ status: 200, body: 'success' });
});

it.each([
  ['without a signature', 401, { signature: '' }],
  ['with a forged signature', 403, { signature: '899cf89e464efb63f54ddac96b0a0a235f53aa78' }],
])('refuses a handshake %s and does not echo', async (_, status, change) => {
  const world = encrypted();
  const { query } = signed(world, XML);
  const asked = new URLSearchParams({ ...Object.fromEntries(query), echostr: '43751209', ...change });
  const lines = await traceOf(world, async () => {
    const response = await fetch(`${world.url}/wechat/callback/${world.appId}?${asked}`);
    expect(response.status).toBe(status);
    expect(await response.text()).not.toContain('43751209');
  });
  expect(lines).toHaveLength(1);
});

it.each(['PUT', 'DELETE', 'PATCH'])('refuses %s', async (method) => {
  const world = encrypted();
  const { query, body } = signed(world, XML);
  const lines = await traceOf(world, async () => {
    const response = await fetch(`${world.url}/wechat/callback/${world.appId}?${query}`, { method, body });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST']);
  });
  expect(lines).toHaveLength(1);
});
