import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { calls } from '../kit/calls.ts';
import { startProcess } from '../kit/gateway-process.ts';
import { oneWorld } from '../kit/one-world.ts';
import { END, field, postForm } from '../kit/raw-request.ts';
import { createWorld, type World } from '../kit/world.ts';

const ACCOUNTS = 'query Accounts { accounts { appId } }';
const EVENTS = 'subscription Events($after: ID) { events(after: $after) { id } }';
const SPEED = 'mutation Speed { setSpeed(level: 3) { __typename } }';
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

const folder = mkdtempSync(join(tmpdir(), 'qunfa-documents-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(documents: unknown): { TRUSTED_DOCUMENTS: string } {
  const path = join(folder, `${hashOf(JSON.stringify(documents))}.json`);
  writeFileSync(path, typeof documents === 'string' ? documents : JSON.stringify(documents));
  return { TRUSTED_DOCUMENTS: path };
}

const env = fileOf({
  [hashOf(ACCOUNTS)]: ACCOUNTS,
  [`sha256:${hashOf(EVENTS)}`]: EVENTS,
  'speed-1': SPEED,
});

const trusting = oneWorld({ env });

const get = async (world: World, parameters: Record<string, string>) => {
  const response = await fetch(`${world.url}/graphql?${new URLSearchParams(parameters)}`);
  return { status: response.status, body: (await response.json()) as any };
};

/** Sends one message over a WebSocket, as it is, and gives the first answer to it. */
async function overWebSocket(world: World, payload: object): Promise<any> {
  const socket = new WebSocket(`${world.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  socket.send('{"type":"connection_init"}');
  await once(socket, 'message');
  socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload }));
  const [answer] = await Promise.race([once(socket, 'message'), once(socket, 'close')]);
  socket.terminate();
  return typeof answer === 'number' ? answer : JSON.parse(String(answer)).payload;
}

const spellings: [string, (id: string) => Record<string, unknown>][] = [
  ['documentId', (id) => ({ documentId: id })],
  ['documentId with its kind', (id) => ({ documentId: `sha256:${id}` })],
  ['id', (id) => ({ id })],
  ['doc_id', (id) => ({ doc_id: id })],
  ['extensions.persistedQuery', (id) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: id } } })],
];

describe.each(spellings)('a document of the file, asked for by %s', (_, asking) => {
  it('is served over HTTP, SSE and WebSocket', async () => {
    const world = trusting();
    const data = { accounts: [{ appId: world.appId }] };
    const asked = asking(hashOf(ACCOUNTS));
    expect((await world.post(asked)).body).toEqual({ data });
    const inAddress = Object.entries(asked).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
    expect((await get(world, Object.fromEntries(inAddress))).body).toEqual({ data });
    expect(await overWebSocket(world, asked)).toEqual({ data });
    expect(await overWebSocket(world, { ...asked, query: '' })).toEqual({ data });
    const response = await fetch(`${world.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ ...asking(hashOf(EVENTS)), variables: { after: '7' } }),
    });
    expect(await response.text()).toMatch(/BAD_USER_INPUT|event: next/);
  });

  it('is refused where the file does not have it', async () => {
    const world = trusting();
    const error = {
      message: 'PersistedQueryNotFound',
      extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' },
    };
    const { status, body } = await world.post(asking(hashOf('another')));
    expect(status).toBe(400);
    expect(body).toEqual({ errors: [error] });
    expect(await overWebSocket(world, asking(hashOf('another')))).toEqual([error]);
  });
});

it('serves a document of the file that is written out in full', async () => {
  await using world = await createWorld({ env });
  expect((await world.post({ query: SPEED })).body.data).toEqual({ setSpeed: { __typename: 'MassSpeed' } });
});

describe('another document is refused', () => {
  const query = '{ accounts { name } }';
  const only = { extensions: { code: 'PERSISTED_QUERY_ONLY' } };

  it.each([
    {},
    { documentId: hashOf(query) },
    { extensions: { persistedQuery: { sha256Hash: hashOf(query) } } },
  ])('with %j beside it', async (beside) => {
    const world = trusting();
    const { status, body } = await world.post({ query, ...beside });
    expect(status).toBe(400);
    expect(body).toMatchObject({ errors: [only] });
    expect((await get(world, { query })).body).toMatchObject({ errors: [only] });
    expect(await overWebSocket(world, { query, ...beside })).toMatchObject([only]);
  });

  it('in a form', async () => {
    const world = trusting();
    const operations = field('operations', JSON.stringify({ query }));
    const { status, body } = await postForm(world.url, operations, field('map', '{}'), END.slice(2));
    expect(status).toBe(400);
    expect(body).toMatchObject({ errors: [only] });
    expect(calls(world)).toEqual([]);
  });
});

it('still changes nothing by GET', async () => {
  const world = trusting();
  expect((await get(world, { documentId: 'speed-1' })).status).toBe(405);
  expect(calls(world)).toEqual([]);
});

it('shows no GraphiQL, which could ask for nothing', async () => {
  const world = trusting();
  const response = await fetch(`${world.url}/graphql`, { headers: { accept: 'text/html' } });
  expect(response.status).toBeGreaterThanOrEqual(400);
  expect(await response.text()).not.toContain('graphiql');
});

it('names every document of the file that is wrong, and does not start', async () => {
  const wrong = fileOf({
    fine: ACCOUNTS,
    broken: '{',
    unknown: '{ nothing }',
    'sends-twice': `mutation { a: ${'massSend(input: { idempotencyKey: "k", audience: { tagId: 1 }, message: { text: { content: "a" } } }) { __typename }'} b: ${'massSend(input: { idempotencyKey: "l", audience: { tagId: 1 }, message: { text: { content: "a" } } }) { __typename }'} }`,
  });
  await using gateway = startProcess({ PORT: '0', ...wrong });
  const { code, stderr } = await gateway.ended;
  expect(code).toBe(78);
  expect(stderr.trim().split('\n')).toEqual([
    'qunfa cannot start with these settings:',
    expect.stringMatching(/^TRUSTED_DOCUMENTS: broken: Syntax Error/),
    expect.stringMatching(/^TRUSTED_DOCUMENTS: unknown: Cannot query field "nothing"/),
    expect.stringMatching(/^TRUSTED_DOCUMENTS: sends-twice: an operation may hold one field/),
  ]);
});

it.each(['no JSON', '[]', '{"one":1}'])('does not start with a file of %s', async (content) => {
  await using gateway = startProcess({ PORT: '0', ...fileOf(content) });
  const { code, stderr } = await gateway.ended;
  expect(code).toBe(78);
  expect(stderr).toMatch(/^TRUSTED_DOCUMENTS/m);
});
