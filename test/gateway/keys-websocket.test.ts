import { once } from 'node:events';
import { expect, it } from 'vitest';
import WebSocket from 'ws';
import { bearer } from '../kit/bearer.ts';
import { API_KEYS, SECRETS } from '../kit/keys.ts';
import { createWorld, type World } from '../kit/world.ts';

const open = (world: World, headers: Record<string, string> = {}): WebSocket =>
  new WebSocket(`${world.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers });

/** What a server says to these messages: its own, or the code it closes with. */
async function answerTo(socket: WebSocket, ...messages: object[]): Promise<any> {
  await once(socket, 'open');
  for (const message of messages) socket.send(JSON.stringify(message));
  return Promise.race([
    once(socket, 'message').then(([data]) => JSON.parse(String(data)).type),
    once(socket, 'close').then(([code]) => code),
  ]).finally(() => socket.terminate());
}

const init = (payload?: object) => ({ type: 'connection_init', ...(payload ? { payload } : {}) });

it.each([
  ['in connectionParams, as a header has it', {}, bearer(SECRETS.reader)],
  ['in connectionParams, alone', {}, { authorization: SECRETS.reader }],
  ['in connectionParams, by a name in another case', {}, { Authorization: `Bearer ${SECRETS.reader}` }],
  ['in the header', bearer(SECRETS.reader), undefined],
  ['in connectionParams, whatever header a proxy has set', bearer('x'), bearer(SECRETS.reader)],
])('takes a key %s', async (_, headers, payload) => {
  await using world = await createWorld({ env: { API_KEYS } });
  expect(await answerTo(open(world, headers as Record<string, string>), init(payload))).toBe(
    'connection_ack',
  );
});

it.each([
  ['no key', {}, undefined],
  ['a key that is none', {}, bearer('somebody-elses-secret')],
  ['a key that is none beside a good header', bearer(SECRETS.reader), bearer('somebody-elses-secret')],
  ['a key in the header that is none', bearer('somebody-elses-secret'), {}],
  ['a key that is no text', {}, { authorization: { secret: SECRETS.reader } }],
  ['an empty key', {}, { authorization: '' }],
])('closes a connection with %s as forbidden', async (_, headers, payload) => {
  await using world = await createWorld({ env: { API_KEYS } });
  expect(await answerTo(open(world, headers as Record<string, string>), init(payload))).toBe(4403);
});

it('closes a connection that asks before it has said who it is', async () => {
  await using world = await createWorld({ env: { API_KEYS } });
  const query = { id: '1', type: 'subscribe', payload: { query: '{ accounts { appId } }' } };
  expect(await answerTo(open(world, bearer(SECRETS.admin)), query)).toBe(4401);
});
