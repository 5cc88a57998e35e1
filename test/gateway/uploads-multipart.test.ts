import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { calls } from '../kit/calls.ts';
import { oneWorld } from '../kit/one-world.ts';
import { END, field, fileHead, multipartHeaders, postForm, rawPost } from '../kit/raw-request.ts';
import { createWorld } from '../kit/world.ts';
import { files } from '../sandbox/files.ts';

const query = `mutation ($file: File!) {
  uploadImage(file: $file) { __typename ... on InvalidInputError { issues { path message } } }
}`;
const operations = field('operations', JSON.stringify({ query, variables: { file: null } }));
const map = field('map', JSON.stringify({ 0: ['variables.file'] }));
const refusedRequest = { errors: [{ extensions: { code: 'BAD_REQUEST' } }] };
/** Of a form that has begun well. */
const brokenOff = {
  errors: [{ extensions: { code: expect.stringMatching(/^BAD_(?:REQUEST|USER_INPUT)$/) } }],
};
const uploaded = { data: { uploadImage: { __typename: 'UploadedImage' } } };

const untouched = oneWorld();

it('takes what the specification of multipart requests shows', async () => {
  await using world = await createWorld();
  const { body } = await postForm(world.url, operations, map, fileHead('0'), files.jpg(), END);
  expect(body).toEqual(uploaded);
});

it('takes several files of one operation, in whatever order they come', async () => {
  await using world = await createWorld();
  const two = `mutation ($a: File!, $b: File!) {
    a: uploadImage(file: $a) { __typename }
    b: uploadImage(file: $b) { __typename }
    c: uploadImage(file: $a) { __typename }
  }`;
  const parts = [
    field('operations', JSON.stringify({ query: two, variables: { a: null, b: null, unused: null } })),
    field('map', JSON.stringify({ 0: ['variables.a', 'variables.unused'], 1: ['variables.b'] })),
    ...[fileHead('other'), 'nobody asked for it', '\r\n', fileHead('1'), 'no image', '\r\n'],
    ...[fileHead('0'), files.jpg(), END],
  ];
  const { body } = await postForm(world.url, ...parts);
  const taken = { __typename: 'UploadedImage' };
  expect(body).toEqual({ data: { a: taken, b: { __typename: 'InvalidInputError' }, c: taken } });
});

it('refuses a file that never ends while it is still being sent', async () => {
  await using world = await createWorld();
  const post = rawPost(world.url, multipartHeaders);
  post.request.write(operations + map + fileHead('0'));
  post.request.write(files.jpg());
  let answered = false;
  const answer = post.answer.finally(() => {
    answered = true;
  });
  const piece = Buffer.alloc(64 * 1024);
  // However much that is: what is refused is read on and thrown away until the refusal is stored, which may take a disk its time.
  while (!answered) {
    if (!post.request.write(piece)) await Promise.race([once(post.request, 'drain'), answer]);
  }
  const { body } = await answer;
  expect(body.data.uploadImage).toEqual({
    __typename: 'InvalidInputError',
    issues: [{ path: ['file'], message: 'must be smaller than 1 MB' }],
  });
  expect(calls(world)).toEqual([]);
  post.request.destroy();
  expect(await world.query('{ accounts { appId } }')).toBeTruthy();
});

it('answers before the rest of the form came where the operation is wrong anyway', async () => {
  const world = untouched();
  const post = rawPost(world.url, multipartHeaders);
  post.request.write(
    field('operations', JSON.stringify({ query: '{ nothing }', variables: { file: null } })),
  );
  post.request.write(map + fileHead('0'));
  expect((await post.answer).body).toMatchObject({
    errors: [{ message: expect.stringContaining('nothing') }],
  });
  post.request.destroy();
});

describe('a form that ends too early is refused', () => {
  it.each([
    ['at once', []],
    ['after the operations', [operations]],
    ['without files', [operations, map, END.slice(2)]],
    ['before the file', [operations, map]],
    ['in the head of the file', [operations, map, fileHead('0').slice(0, -10)]],
    ['in the file', [operations, map, fileHead('0'), files.jpg()]],
    ['in the last line', [operations, map, fileHead('0'), files.jpg(), END.slice(0, -6)]],
  ])('%s', async (_, parts) => {
    const world = untouched();
    const { status, body } = await postForm(world.url, ...parts);
    expect(status).toBeLessThan(500);
    expect(body).toMatchObject(brokenOff);
    expect(calls(world)).toEqual([]);
  });
});

it('forgets a client that goes away in the middle', async () => {
  await using world = await createWorld();
  const post = rawPost(world.url, multipartHeaders);
  await new Promise((resolve) => post.request.write(`${operations}${map}${fileHead('0')}abc`, resolve));
  post.request.destroy();
  const { body } = await postForm(world.url, operations, map, fileHead('0'), files.jpg(), END);
  expect(body).toEqual(uploaded);
});

describe('a form in another order or shape is refused', () => {
  const file = [fileHead('0'), files.jpg(), END];
  it.each<[string, (string | Buffer)[]]>([
    ['map first', [map, operations, ...file]],
    ['files first', [fileHead('0'), files.jpg(), '\r\n', operations, map, END.slice(2)]],
    ['file before map', [operations, fileHead('0'), files.jpg(), '\r\n', map, END.slice(2)]],
    ['no operations', [map, ...file]],
    ['operations twice', [operations, operations, ...file]],
    ['another field', [operations, field('query', '{ accounts { appId } }'), map, ...file]],
    ['operations that are no JSON', [field('operations', '{'), map, ...file]],
    ['map that is no JSON', [operations, field('map', '{'), ...file]],
    ['map that is null', [operations, field('map', 'null'), ...file]],
    ['a batch', [field('operations', JSON.stringify([{ query, variables: { file: null } }])), map, ...file]],
    ['operations that are a text', [field('operations', '"text"'), map, ...file]],
  ])('%s', async (_, parts) => {
    const world = untouched();
    const { status, body } = await postForm(world.url, ...parts);
    expect(status).toBe(400);
    expect(body).toMatchObject(refusedRequest);
    expect(calls(world)).toEqual([]);
  });
});

describe('the map reaches only what is null in the operations', () => {
  it.each([
    '__proto__.polluted',
    'variables.__proto__.polluted',
    'constructor.prototype.polluted',
    'variables.constructor',
    'query',
    'query.length',
    'variables',
    'variables.other',
    'variables.file.more',
    'variables.list.length',
    'variables.list.1',
    'variables.list.-1',
    '',
    '.',
  ])('%j', async (path) => {
    const world = untouched();
    const tricky = field('operations', JSON.stringify({ query, variables: { file: null, list: [null] } }));
    const { body } = await postForm(
      world.url,
      tricky,
      field('map', JSON.stringify({ 0: [path] })),
      END.slice(2),
    );
    expect(body).toMatchObject(refusedRequest);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('also where operations and map bring a __proto__ of their own', async () => {
    await using world = await createWorld();
    const own = `{"query":${JSON.stringify(query)},"variables":{"file":null,"__proto__":{"polluted":null}}}`;
    const paths = '{"0":["variables.file"],"__proto__":["variables.__proto__.polluted"]}';
    const parts = [field('operations', own), field('map', paths), fileHead('0'), files.jpg(), '\r\n'];
    const { body } = await postForm(world.url, ...parts, fileHead('__proto__'), 'x', END);
    expect(body).toEqual(uploaded);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

const mebibytes = (count: number) => Buffer.alloc(count * 1024 * 1024, 'o');

describe('files that come in another order than the fields read them', () => {
  const two = `mutation ($a: File!, $b: File!) {
    a: uploadImage(file: $a) { __typename }
    b: uploadImage(file: $b) { __typename }
  }`;
  const head =
    field('operations', JSON.stringify({ query: two, variables: { a: null, b: null } })) +
    field('map', JSON.stringify({ 0: ['variables.a'], 1: ['variables.b'] }));

  it('are refused at once where more would have to be kept than there is room for', async () => {
    await using world = await createWorld();
    const post = rawPost(world.url, multipartHeaders);
    post.request.write(head + fileHead('1'));
    post.request.write(mebibytes(12));
    const { status, body } = await post.answer;
    expect(status).toBe(200);
    expect(body).toMatchObject({
      errors: [
        {
          message: expect.stringContaining('put the files in the order in which the fields read them'),
          path: ['a'],
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ],
    });
    expect(calls(world)).toEqual([]);
    post.request.destroy();
  });

  it('do not hold up the end of the gateway', async () => {
    await using world = await createWorld();
    const post = rawPost(world.url, multipartHeaders);
    post.request.write(head + fileHead('1'));
    post.request.write(mebibytes(12));
    await post.answer;
    post.request.destroy();
    await world.restart();
    expect(await world.query('{ accounts { appId } }')).toBeTruthy();
  });

  it('are taken where there is room', async () => {
    await using world = await createWorld();
    const { body } = await postForm(
      world.url,
      ...[head, fileHead('1'), files.jpg(), '\r\n', fileHead('0'), files.jpg(), END],
    );
    const taken = { __typename: 'UploadedImage' };
    expect(body).toEqual({ data: { a: taken, b: taken } });
  });
});

describe('a file that two fields want', () => {
  const refusal = {
    message: expect.stringContaining('give each field a file of its own'),
    extensions: { code: 'BAD_USER_INPUT' },
  };
  const form = (query: string) => [
    field('operations', JSON.stringify({ query, variables: { file: null } })),
    map,
    fileHead('0'),
  ];

  it('is not taken for an empty one where the first has given it up as too large', async () => {
    await using world = await createWorld();
    const query = `mutation ($file: File!) {
      image: uploadImage(file: $file) { __typename }
      video: uploadMedia(type: VIDEO, file: $file) { __typename }
    }`;
    const { body } = await postForm(world.url, ...form(query), mebibytes(3), END);
    expect(body).toMatchObject({ errors: [{ ...refusal, path: ['video'] }] });
    expect(calls(world)).toEqual([]);
  });

  it('is given to one of them where it streams', async () => {
    await using world = await createWorld();
    const plan = (key: string) =>
      `planMassSend(input: { idempotencyKey: "${key}", audience: { openIdsFile: $file }, message: { text: { content: "hi" } } }) { recipients }`;
    const query = `query ($file: File!) { a: ${plan('a')} b: ${plan('b')} }`;
    const { body } = await postForm(world.url, ...form(query), 'oSandbox_00001\noSandbox_00002\n', END);
    expect(body).toMatchObject({ errors: [refusal] });
  });
});
