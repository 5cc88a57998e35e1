import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { calls } from '../kit/calls.ts';
import { oneWorld } from '../kit/one-world.ts';
import { END, field, postForm } from '../kit/raw-request.ts';
import type { World } from '../kit/world.ts';

const untouched = oneWorld();
const withKey = oneWorld({ env: { API_KEYS: 'reader:reader-3f9a1c5e7b2d4f60:read' } });
const withLowLimit = oneWorld({ limits: { cost: 100 } });

/** What is answered to a request that is written by hand, with its headers. */
async function answerTo({ url }: World, head: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.write(`${head}\r\nConnection: close\r\n\r\n`);
  await once(socket, 'close');
  return text;
}

it.each([
  '/wechat/callback/../../graphql?query={__typename}',
  '/wechat/callback/%2e%2e/%2E%2E/metrics',
  '/./report',
  '//elsewhere/metrics',
  'http://elsewhere/metrics',
])('does not take %s for what it would be read as: a proxy in front has not', async (path) => {
  const world = untouched();
  expect(await answerTo(world, `GET ${path} HTTP/1.1\r\nHost: localhost`)).toMatch(/^HTTP\/1.1 40[04] /);
});

it.each(['a b', '[', 'localhost:port', 'localhost/graphql', 'localhost?'])(
  'answers the host "%s" with 400 and nothing of the inside',
  async (host) => {
    const world = withKey();
    const answer = await answerTo(
      world,
      `GET /graphql?query={__typename} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer reader-3f9a1c5e7b2d4f60`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect(answer).not.toMatch(/node_modules|\.ts|\bat /);
  },
);

const nested = (depth: number) => `${'{"a":'.repeat(depth)}null${'}'.repeat(depth)}`;

it.each([
  ['more files than a form has', '{"a":null}', Object.fromEntries([...Array(9).keys()].map((n) => [n, []]))],
  ['more places than any field takes', '{"a":null}', { 0: Array(65).fill('variables.a') }],
  ['a place as deep as the sea', nested(10_000), { 0: [`variables${'.a'.repeat(10_000)}`] }],
])('refuses a map that names %s', async (_, variables, map) => {
  const world = untouched();
  const operations = `{"query":"{ __typename }","variables":${variables}}`;
  const { body } = await postForm(
    world.url,
    field('operations', operations),
    field('map', JSON.stringify(map)),
    END.slice(2),
  );
  expect(body).toMatchObject({
    errors: [{ message: expect.stringMatching(/at most$/), extensions: { code: 'BAD_REQUEST' } }],
  });
});

it('refuses variables that are nested deeper than anything can walk through', async () => {
  const world = untouched();
  const response = await fetch(`${world.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: `{"query":"{ __typename }","variables":${nested(200_000)}}`,
  });
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  expect(world.log.filter(({ level }) => level === 'error')).toEqual([]);
});

it.each([4, 1_500, 2_400])('answers a document with %i lists inside each other', async (depth) => {
  const world = untouched();
  const query = `{ campaigns(filter: { statuses: ${'['.repeat(depth)}${']'.repeat(depth)} }) { totalCount } }`;
  const { body } = await world.post({ query });
  expect(body.errors[0].extensions.code).toMatch(/^(?:TOO_DEEP|GRAPHQL_VALIDATION_FAILED)$/);
  expect(world.log.filter(({ level }) => level === 'error')).toEqual([]);
});

it.each([
  [
    'a list that is null by a variable',
    'query ($ids: [ID!] = ["a"]) { articleStats(analyticsMsgIds: $ids) { analyticsMsgId } account { tags { id } } }',
    { ids: null },
  ],
  [
    'an entry that is null by a variable',
    'query ($status: SendStatus = SENT) { campaigns(filter: { statuses: [$status] }) { totalCount } account { tags { id } } }',
    { status: null },
  ],
])('runs nothing of an operation that cannot be weighed, for it holds %s', async (_, query, variables) => {
  const world = withLowLimit();
  const { body } = await world.post({ query, variables });
  expect(body).toEqual({
    errors: [expect.objectContaining({ message: expect.stringMatching(/null|invalid value/) })],
  });
  expect(calls(world)).toEqual([]);
});

it('says of a variable that is missing what it says without a limit', async () => {
  const world = untouched();
  const { body } = await world.post({
    query: 'query ($ids: [ID!]!) { articleStats(analyticsMsgIds: $ids) { analyticsMsgId } }',
  });
  expect(body.errors[0].message).toBe('Variable "$ids" of required type "[ID!]!" was not provided.');
});

it.each(['/export/bi_campaigns.csv', '/report', '/metrics'])(
  'answers HEAD of %s like GET, without a body',
  async (path) => {
    const world = untouched();
    const [head, get] = await Promise.all(
      ['HEAD', 'GET'].map((method) => fetch(world.url + path, { method })),
    );
    expect(head?.status).toBe(200);
    expect(head?.headers.get('content-type')).toBe(get?.headers.get('content-type'));
    expect(await head?.text()).toBe('');
    expect(await get?.text()).not.toBe('');
  },
);
