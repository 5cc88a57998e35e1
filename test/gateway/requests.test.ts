import { expect, it } from 'vitest';
import { textToTag } from '../kit/actions.ts';
import { calls } from '../kit/calls.ts';
import { oneWorld } from '../kit/one-world.ts';
import { createWorld, type World } from '../kit/world.ts';

const SET_SPEED = 'mutation { setSpeed(level: 3) { __typename } }';
const NAMES = '{ accounts { appId } }';

const untouched = oneWorld();

const raw = (world: World, init: RequestInit, query = '') =>
  fetch(`${world.url}/graphql${query}`, { method: 'POST', ...init });

it('answers queries by GET and by POST', async () => {
  const world = untouched();
  const data = { accounts: [{ appId: world.appId }] };
  const byGet = await raw(world, { method: 'GET' }, `?query=${encodeURIComponent(NAMES)}`);
  expect(await byGet.json()).toEqual({ data });
  expect((await world.post({ query: NAMES })).body).toEqual({ data });
});

it.each(['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH'])('never changes anything by %s', async (method) => {
  const world = untouched();
  const search = `?query=${encodeURIComponent(SET_SPEED)}`;
  const response = await raw(world, { method }, search);
  expect(response.status).toBe(405);
  const pretended = await raw(world, { method, headers: { 'content-type': 'application/json' } }, search);
  expect(pretended.status).toBe(405);
  expect(calls(world)).toEqual([]);
});

it('takes no operation from the address of a POST', async () => {
  const world = untouched();
  const headers = { 'content-type': 'application/json' };
  const response = await raw(world, { headers, body: '{}' }, `?query=${encodeURIComponent(SET_SPEED)}`);
  expect(await response.json()).toMatchObject({ errors: [{}] });
  expect(calls(world)).toEqual([]);
});

it.each([
  ['application/x-www-form-urlencoded', `query=${encodeURIComponent(SET_SPEED)}`],
  ['application/x-www-form-urlencoded; charset=utf-8', `query=${encodeURIComponent(SET_SPEED)}`],
  ['text/plain', JSON.stringify({ query: SET_SPEED })],
  ['text/plain; application/json', JSON.stringify({ query: SET_SPEED })],
  ['application/graphql', SET_SPEED],
  ['', JSON.stringify({ query: SET_SPEED })],
])('refuses the form %s', async (type, body) => {
  const world = untouched();
  const response = await raw(world, { headers: { 'content-type': type }, body });
  expect(response.status).toBe(415);
  expect(await response.json()).toMatchObject({
    errors: [{ extensions: { code: 'UNSUPPORTED_MEDIA_TYPE' } }],
  });
  expect(calls(world)).toEqual([]);
});

const GREETING =
  'mutation { massSend(input: { idempotencyKey: "k", audience: { all: { confirm: true } }, message: { text: { content: "你好" } } }) { __typename } }';
/** 你好 as older systems in China write it. */
const inGbk = (text: string) =>
  Buffer.concat(
    text
      .split('你好')
      .flatMap((part, index) => [
        ...(index > 0 ? [Buffer.from([0xc4, 0xe3, 0xba, 0xc3])] : []),
        Buffer.from(part),
      ]),
  );

it.each([
  ['application/json', 400, 'BAD_REQUEST'],
  ['application/json; charset=gbk', 415, 'UNSUPPORTED_MEDIA_TYPE'],
])('sends nobody what is not in UTF-8: %s', async (type, status, code) => {
  const world = untouched();
  const body = new Uint8Array(inGbk(JSON.stringify({ query: GREETING })));
  const response = await raw(world, { headers: { 'content-type': type }, body });
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] });
  expect(calls(world)).toEqual([]);
});

it('sends nobody what a form has that is not in UTF-8', async () => {
  const world = untouched();
  const fields = { operations: JSON.stringify({ query: GREETING }), map: '{}' };
  const parts = Object.entries(fields).map(
    ([name, value]) => `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const headers = { 'content-type': 'multipart/form-data; boundary=x', 'graphql-require-preflight': '1' };
  const response = await raw(world, { headers, body: new Uint8Array(inGbk(`${parts.join('')}--x--\r\n`)) });
  expect(await response.json()).toMatchObject({
    errors: [{ message: 'multipart: the field operations is not text in UTF-8' }],
  });
  expect(calls(world)).toEqual([]);
});

it('takes a body that says it is in UTF-8', async () => {
  const world = untouched();
  const headers = { 'content-type': 'application/json;charset="UTF-8"' };
  const response = await raw(world, { headers, body: JSON.stringify({ query: NAMES }) });
  expect(response.status).toBe(200);
});

it('refuses a body without a type', async () => {
  const world = untouched();
  const response = await raw(world, {
    body: new Uint8Array(Buffer.from(JSON.stringify({ query: SET_SPEED }))),
  });
  expect(response.status).toBe(415);
  expect(calls(world)).toEqual([]);
});

it('refuses multipart without the header that a form of a foreign page cannot set', async () => {
  await using world = await createWorld();
  const form = new FormData();
  form.set('operations', JSON.stringify({ query: SET_SPEED }));
  form.set('map', '{}');
  const refused = await raw(world, { body: form });
  expect(refused.status).toBe(403);
  expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
  expect(calls(world)).toEqual([]);
  const taken = await raw(world, { body: form, headers: { 'GraphQL-Require-Preflight': '' } });
  expect(await taken.json()).toEqual({ data: { setSpeed: { __typename: 'MassSpeed' } } });
});

it('refuses batches', async () => {
  const world = untouched();
  for (const batch of [[{ query: SET_SPEED }], [{ query: SET_SPEED }, { query: NAMES }], []]) {
    const { status, body } = await world.post(batch);
    expect(status).toBe(400);
    expect(body).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  }
  expect(calls(world)).toEqual([]);
});

it.each([
  '',
  '{',
  'null',
  '"query"',
  '{"query":1}',
  '{"query":""}',
  '{"query":"{ nothing }"}',
  '{"query":"{"}',
])('answers %j with an error, and goes on', async (body) => {
  const world = untouched();
  const response = await raw(world, { headers: { 'content-type': 'application/json' }, body });
  expect(response.status).toBeLessThan(500);
  expect(await response.json()).toMatchObject({ errors: [{ message: expect.any(String) }] });
  expect(await world.query(NAMES)).toBeTruthy();
  expect(world.log.filter(({ level }) => level === 'error')).toEqual([]);
});

it.each([
  ['tagId and all', { tagId: 2, all: { confirm: true } }],
  ['nothing', {}],
  ['a null', { tagId: null }],
  ['a value and a null', { tagId: 2, all: null }],
])('refuses an audience of %s', async (_, audience) => {
  const world = untouched();
  const query = 'mutation ($input: MassSendInput!) { massSend(input: $input) { __typename } }';
  const { body } = await world.post({ query, variables: { input: { ...textToTag('key'), audience } } });
  expect(body.errors[0].message).toContain('input.audience');
  expect(body.data ?? null).toBeNull();
  expect(calls(world)).toEqual([]);
  expect(await world.query('{ campaigns { totalCount } }')).toEqual({ campaigns: { totalCount: 0 } });
});

it.each([
  'message: {}, audience: { tagId: 2 }',
  'message: { text: { content: "a" }, voice: { mediaId: "b" } }, audience: { tagId: 2 }',
  'message: { text: null }, audience: { tagId: 2 }',
  'message: { text: { content: "a" } }, audience: { openIds: null }',
  'message: { text: { content: "a" } }, audience: { all: {} }',
])('refuses %s where it is written out', async (fields) => {
  const world = untouched();
  const query = `mutation { massSend(input: { idempotencyKey: "k", ${fields} }) { __typename } }`;
  expect((await world.post({ query })).body).toMatchObject({ errors: [{}] });
  expect(calls(world)).toEqual([]);
});

it.each(['variables', 'extensions'])('answers %s of a GET that are no JSON with 400', async (name) => {
  const world = untouched();
  const query = new URLSearchParams({ query: '{ __typename }', [name]: 'x' });
  const response = await fetch(`${world.url}/graphql?${query}`, { headers: { accept: 'application/json' } });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  expect(world.log.filter(({ level }) => level === 'error')).toEqual([]);
});

it('gives variables that do not fit a code, and documents that cannot be read, over HTTP and WebSocket', async () => {
  const world = untouched();
  const codes = async (query: string, variables: Record<string, unknown>) => {
    const { body } = await world.post({ query, variables });
    const told = (error: unknown) => (error instanceof Error ? String(error) : JSON.stringify(error));
    const overLine = await world
      .subscribe('WebSocket', query, variables)
      .then((results) => results.next().catch(told), told);
    return [body.errors[0].extensions?.code, overLine];
  };
  expect(await codes('query ($id: ID!) { node(id: $id) { id } }', { id: {} })).toEqual([
    'BAD_USER_INPUT',
    expect.stringContaining('BAD_USER_INPUT'),
  ]);
  expect(await codes('{', {})).toEqual([
    'GRAPHQL_PARSE_FAILED',
    expect.stringContaining('GRAPHQL_PARSE_FAILED'),
  ]);
});
