import { once } from 'node:events';
import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { calls } from '../kit/calls.ts';
import { oneWorld } from '../kit/one-world.ts';
import type { World } from '../kit/world.ts';

const FRIEND = 'https://app.example.com';
const FOREIGN = 'https://evil.example';
const listing = oneWorld({ env: { CORS_ORIGINS: `${FRIEND}, https://other.example.com` } });
const usual = oneWorld();

const NAMES = JSON.stringify({ query: '{ accounts { appId } }' });

const preflight = (world: World, origin: string, path = '/graphql') =>
  fetch(`${world.url}${path}`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type, graphql-require-preflight',
    },
  });

const corsHeaders = (response: Response) =>
  [...response.headers].filter(([name]) => name.startsWith('access-control-'));

describe('a page of an origin that is listed', () => {
  it('may ask', async () => {
    const world = listing();
    const allowed = await preflight(world, FRIEND);
    expect(allowed.ok).toBe(true);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(FRIEND);
    expect(allowed.headers.get('access-control-allow-methods')).toContain('POST');
    expect(allowed.headers.get('access-control-allow-headers')).toContain('graphql-require-preflight');
    expect(allowed.headers.get('access-control-allow-credentials')).not.toBe('true');
    const headers = { origin: FRIEND, 'content-type': 'application/json' };
    const answer = await fetch(`${world.url}/graphql`, { method: 'POST', headers, body: NAMES });
    expect(answer.headers.get('access-control-allow-origin')).toBe(FRIEND);
    expect(answer.headers.get('vary')).toMatch(/origin/i);
    expect(await answer.json()).toEqual({ data: { accounts: [{ appId: world.appId }] } });
  });

  it.each(['/export/bi_calendar.csv', '/report', '/metrics'])('may read %s, with a key too', async (path) => {
    const world = listing();
    const allowed = await preflight(world, FRIEND, path);
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(FRIEND);
    expect(allowed.headers.get('access-control-allow-headers')).toBe('authorization');
    const answer = await fetch(`${world.url}${path}`, { headers: { origin: FRIEND } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe(FRIEND);
    expect(answer.headers.get('vary')).toMatch(/origin/i);
    await answer.body?.cancel();
  });
});

describe.each([
  ['another origin', FOREIGN, listing],
  ['no origin at all', 'null', listing],
  ['an origin that looks alike', `${FRIEND}.evil.example`, listing],
  ['a listed host over http', FRIEND.replace('https', 'http'), listing],
  ['any origin where none is listed', FRIEND, usual],
])('a page of %s', (_, origin, worldOf) => {
  it('is not let through by a preflight, nor told an answer', async () => {
    const world = worldOf();
    expect(corsHeaders(await preflight(world, origin))).toEqual([]);
    const get = await fetch(`${world.url}/graphql?query=${encodeURIComponent('{ __typename }')}`, {
      headers: { origin },
    });
    expect(corsHeaders(get)).toEqual([]);
    expect(corsHeaders(await preflight(world, origin, '/report'))).toEqual([]);
    expect(corsHeaders(await fetch(`${world.url}/report`, { headers: { origin } }))).toEqual([]);
  });

  it.each([
    ['application/x-www-form-urlencoded', 415],
    ['text/plain', 415],
    ['', 415],
    ['multipart/form-data; boundary=x', 403],
  ])('changes nothing by a simple post of type %j', async (type, status) => {
    const world = worldOf();
    const body = new Uint8Array(
      Buffer.from(JSON.stringify({ query: 'mutation { setSpeed(level: 1) { __typename } }' })),
    );
    const response = await fetch(`${world.url}/graphql`, {
      method: 'POST',
      headers: { origin, ...(type ? { 'content-type': type } : {}) },
      body,
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: expect.any(String) } }] });
    expect(calls(world)).toEqual([]);
  });

  it('opens no WebSocket', async () => {
    const world = worldOf();
    const socket = new WebSocket(`${world.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
      origin,
    });
    const [error] = await once(socket, 'error');
    expect(String(error)).toContain('403');
  });
});

it.each([FRIEND, null])('opens a WebSocket for %s', async (origin) => {
  const world = listing();
  const given = origin ?? world.url;
  const url = `${world.url.replace('http', 'ws')}/graphql`;
  const socket = new WebSocket(url, 'graphql-transport-ws', { origin: given });
  await once(socket, 'open');
  socket.terminate();
});

it.each(['graphql-require-preflight', 'apollo-require-preflight', 'x-requested-with'])(
  'takes a form with the header %s, which no page can set unasked',
  async (name) => {
    const world = usual();
    const form = new FormData();
    form.set('operations', NAMES);
    form.set('map', '{}');
    const headers = { [name]: '1' };
    const answer = await fetch(`${world.url}/graphql`, { method: 'POST', headers, body: form });
    expect(await answer.json()).toEqual({ data: { accounts: [{ appId: world.appId }] } });
  },
);

/** `fetch` would set the header itself. */
async function asHost(
  world: World,
  host: string,
  path: string,
  more: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
  const asked = request(`${world.url}${path}`, { headers: { host, ...more } });
  asked.end();
  const [response] = await once(asked, 'response');
  let text = '';
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode, text };
}

describe('without API keys, a name that is not of this machine', () => {
  const query = `/graphql?query=${encodeURIComponent('{ __typename }')}`;

  it.each([query, '/', '/report', '/export/campaigns.csv'])('is refused at %s', async (path) => {
    const world = usual();
    const { status, text } = await asHost(world, 'evil.example:4000', path);
    expect(status).toBe(403);
    expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
  });

  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '10.0.0.1', 'a b'])(
    'is refused as %j',
    async (host) => {
      const world = usual();
      expect((await asHost(world, host, query)).status).toBeGreaterThanOrEqual(400);
    },
  );

  it.each(['localhost', 'localhost:1', '127.0.0.1:4000', '127.8.9.1', '[::1]:4000', 'qunfa.localhost'])(
    'is not %s',
    async (host) => {
      const world = usual();
      expect((await asHost(world, host, query)).status).toBe(200);
    },
  );

  it.each<Record<string, string>>([
    { 'x-forwarded-for': '203.0.113.7' },
    { 'x-forwarded-for': '127.0.0.1, 203.0.113.7' },
    { 'x-real-ip': '2001:db8::1' },
  ])('is hidden by no proxy on this machine: %j', async (headers) => {
    const world = usual();
    const { status, text } = await asHost(world, 'localhost:4000', query, headers);
    expect(status).toBe(403);
    expect(text).toContain('set API_KEYS');
    expect((await asHost(listing(), 'app.example.com', query, headers)).status).toBe(200);
  });

  it.each<Record<string, string>>([
    { 'x-forwarded-for': '127.0.0.1' },
    { 'x-forwarded-for': '::1' },
    { 'x-real-ip': '::ffff:127.0.0.1' },
  ])('is not that of a server on this machine that passes on what is asked here: %j', async (headers) => {
    const world = usual();
    expect((await asHost(world, 'localhost:4000', query, headers)).status).toBe(200);
  });

  it('is taken where it is one of CORS_ORIGINS, and for what has rules of its own', async () => {
    const world = listing();
    expect((await asHost(world, 'app.example.com', query)).status).toBe(200);
    expect((await asHost(world, 'evil.example', '/healthz')).status).toBe(200);
    expect((await asHost(world, 'evil.example', '/readyz')).status).toBe(200);
    const { text } = await asHost(world, 'evil.example', `/wechat/callback/${world.appId}`);
    expect(text).not.toContain('set API_KEYS');
  });

  it('opens no WebSocket, though the page calls itself by the same name', async () => {
    const world = usual();
    const socket = new WebSocket(`${world.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
      origin: 'http://evil.example',
      headers: { host: 'evil.example' },
    });
    const [error] = await once(socket, 'error');
    expect(String(error)).toContain('403');
  });
});
