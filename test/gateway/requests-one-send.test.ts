import { describe, expect, it } from 'vitest';
import { calls } from '../kit/calls.ts';
import { oneWorld } from '../kit/one-world.ts';
import { END, field, postForm } from '../kit/raw-request.ts';
import { createWorld, type World } from '../kit/world.ts';

const SEND = (key: string) =>
  `massSend(input: { idempotencyKey: "${key}", audience: { tagId: 100 }, message: { text: { content: "hi" } } }) { __typename }`;
const PREVIEW =
  'preview(input: { to: { openId: "oSandbox_00001" }, message: { text: { content: "hi" } } }) { __typename }';

const ONE_SEND = 'an operation may hold one field that sends';

const refused: [string, string][] = [
  ['two aliases', `mutation { a: ${SEND('a')} b: ${SEND('b')} }`],
  ['the same field twice', `mutation { ${SEND('a')} ${SEND('a')} }`],
  ['a send and a preview', `mutation { ${SEND('a')} ${PREVIEW} }`],
  ['two previews', `mutation { a: ${PREVIEW} b: ${PREVIEW} }`],
  ['a second one in an inline fragment', `mutation { ${SEND('a')} ... on Mutation { b: ${SEND('b')} } }`],
  ['inline fragments in each other', `mutation { ... { a: ${SEND('a')} ... { b: ${SEND('b')} } } }`],
  ['a fragment', `mutation { a: ${SEND('a')} ...F } fragment F on Mutation { b: ${SEND('b')} }`],
  ['a fragment with both', `mutation { ...F } fragment F on Mutation { a: ${SEND('a')} b: ${SEND('b')} }`],
  ['a fragment spread twice', `mutation { ...F ...F } fragment F on Mutation { a: ${SEND('a')} }`],
  [
    'fragments in fragments',
    `mutation { ...F ...G } fragment F on Mutation { ...H } fragment G on Mutation { ...H } fragment H on Mutation { a: ${SEND('a')} }`,
  ],
  [
    'one that is skipped',
    `mutation { a: ${SEND('a')} b: ${SEND('b').replace('{ __', '@skip(if: true) { __')} }`,
  ],
  ['one that is not included', `mutation { a: ${SEND('a')} ... @include(if: false) { b: ${SEND('b')} } }`],
  [
    'one that a variable leaves out',
    `mutation ($no: Boolean = false) { a: ${SEND('a')} ... @include(if: $no) { b: ${SEND('b')} } }`,
  ],
  [
    'a fragment that a variable leaves out',
    `mutation ($yes: Boolean = true) { a: ${SEND('a')} ...F @skip(if: $yes) } fragment F on Mutation { b: ${PREVIEW} }`,
  ],
  [
    'fragments inside inline fragments inside fragments',
    `mutation { ...F } fragment F on Mutation { ... { ... on Mutation { ...G a: ${SEND('a')} } } } fragment G on Mutation { b: ${PREVIEW} }`,
  ],
  ['an alias that hides its name', `mutation { setSpeed: ${SEND('a')} cancel: ${PREVIEW} }`],
  [
    'one behind another mutation',
    `mutation { a: ${SEND('a')} setSpeed(level: 1) { __typename } b: ${SEND('b')} }`,
  ],
];

const answerBy = {
  HTTP: async (world: World, query: string) => (await world.post({ query })).body,
  SSE: async (world: World, query: string) => {
    const { body } = await world.post({ query }, { accept: 'text/event-stream' });
    return JSON.parse(/^data: (.+)$/m.exec(body)?.[1] ?? '');
  },
  form: async (world: World, query: string) => {
    const operations = field('operations', JSON.stringify({ query }));
    return (await postForm(world.url, operations, field('map', '{}'), END.slice(2))).body;
  },
};

describe.each(['HTTP', 'SSE', 'form', 'WebSocket'] as const)('over %s', (transport) => {
  // Of each transport its own, as the gateway remembers which documents it has found wrong.
  const refusing = oneWorld();

  it.each(refused)('refuses an operation with %s before anything is sent', async (_, query) => {
    const world = refusing();
    if (transport !== 'WebSocket') {
      const body = await answerBy[transport](world, query);
      expect(body).toMatchObject({
        errors: [{ message: expect.stringContaining(ONE_SEND), extensions: { code: 'BAD_USER_INPUT' } }],
      });
    } else {
      await using results = await world.subscribe('WebSocket', query);
      await expect(results.next()).rejects.toMatchObject([{ message: expect.stringContaining(ONE_SEND) }]);
    }
    expect(calls(world)).toEqual([]);
    expect(await world.query('{ campaigns { totalCount } }')).toEqual({ campaigns: { totalCount: 0 } });
  });
});

it('runs one send over WebSocket', async () => {
  await using world = await createWorld();
  await using results = await world.subscribe<any>('WebSocket', `mutation { ${SEND('a')} }`);
  expect(await results.next()).toEqual({ massSend: { __typename: 'MassSendSuccess' } });
});

it('counts each operation of a document for itself', async () => {
  await using world = await createWorld();
  const query = `mutation A { ${SEND('a')} } mutation B { ${SEND('b')} }`;
  const { body } = await world.post({ query, operationName: 'B' });
  expect(body).toEqual({ data: { massSend: { __typename: 'MassSendSuccess' } } });
  expect(world.sandbox.sends(world.appId)).toHaveLength(1);
});

it('takes a send beside other mutations', async () => {
  await using world = await createWorld();
  const query = `mutation { setSpeed(level: 1) { __typename } ...F } fragment F on Mutation { ${SEND('a')} }`;
  expect((await world.post({ query })).body.data.massSend).toEqual({ __typename: 'MassSendSuccess' });
});

const untouched = oneWorld();

it('refuses fragments that multiply each other at once', async () => {
  const world = untouched();
  const depth = 60;
  const fragments = Array.from(
    { length: depth },
    (_, index) => `fragment F${index} on Mutation { ...F${index + 1} ...F${index + 1} }`,
  );
  const query = `mutation { ...F0 } ${fragments.join(' ')} fragment F${depth} on Mutation { ${SEND('a')} }`;
  expect((await world.post({ query })).body).toMatchObject({
    errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
  });
});

it('refuses fragments that contain each other', async () => {
  const world = untouched();
  const query = `mutation { ...F } fragment F on Mutation { ...G } fragment G on Mutation { ...F ${SEND('a')} }`;
  expect((await world.post({ query })).body).toMatchObject({ errors: [{}] });
  expect(calls(world)).toEqual([]);
});

it('does not count a field of that name elsewhere', async () => {
  const world = untouched();
  const query = 'query { massSend: accounts { preview: appId } preview: accounts { appId } }';
  expect((await world.post({ query })).body.errors).toBeUndefined();
});
