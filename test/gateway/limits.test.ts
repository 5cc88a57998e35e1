import { getIntrospectionQuery } from 'graphql';
import { type Client, createClient } from 'graphql-ws';
import { describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { graphiqlTabs } from '../../src/http/graphiql-tabs.ts';
import { usualLimits } from '../../src/http/limits.ts';
import { calls } from '../kit/calls.ts';
import { EVENTS } from '../kit/event-reading.ts';
import { oneWorld } from '../kit/one-world.ts';
import { END, field, postForm } from '../kit/raw-request.ts';
import { seedCampaigns } from '../kit/seed.ts';
import { until } from '../kit/until.ts';
import { createWorld, type World } from '../kit/world.ts';

const connectTo = (world: World): Client =>
  createClient({
    url: `${world.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  });

/** What a refused operation is answered, over the given transport. */
async function refusalOver(
  transport: 'HTTP' | 'SSE' | 'WebSocket',
  world: World,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<{ status: number | null; error: any }> {
  if (transport === 'WebSocket') {
    const client = connectTo(world);
    const next = client.iterate({ query, variables }).next();
    const errors = await next.then(
      ({ value }) => value?.errors as unknown,
      (error: unknown) => error,
    );
    await client.dispose();
    return { status: null, error: (errors as unknown[])[0] };
  }
  const response = await fetch(`${world.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: transport === 'SSE' ? 'text/event-stream' : 'application/json',
    },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  const { errors } = JSON.parse(transport === 'SSE' ? (/^data: (.+)$/m.exec(text)?.[1] ?? '') : text);
  return { status: response.status, error: errors[0] };
}

const TOO_MUCH: [string, string, object, string][] = [
  ['too many characters', `{ __typename } #${'.'.repeat(usualLimits.characters)}`, {}, 'TOO_LONG'],
  ['too many tokens', `{ ${'__typename '.repeat(usualLimits.tokens)} }`, {}, 'TOO_MANY_TOKENS'],
  [
    'too many aliases',
    `{ ${Array.from({ length: 101 }, (_, index) => `a${index}: __typename`).join(' ')} }`,
    {},
    'TOO_MANY_ALIASES',
  ],
  [
    'too many fields inside each other',
    '{ campaigns { nodes { jobs { counts { sent } } } } }',
    { depth: 4 },
    'TOO_DEEP',
  ],
  [
    'too much to answer',
    '{ a: campaigns(first: 100) { nodes { id jobs { id } } } b: campaigns(first: 100) { nodes { id } } }',
    { cost: 800 },
    'TOO_COSTLY',
  ],
];

describe.each(['HTTP', 'SSE', 'WebSocket'] as const)('over %s', (transport) => {
  it.each(TOO_MUCH)('refuses %s', async (_, query, limits, code) => {
    await using world = await createWorld({ limits });
    const { status, error } = await refusalOver(transport, world, query);
    expect(error.extensions).toEqual({ code });
    if (status !== null) expect(status).toBe(400);
    expect(calls(world)).toEqual([]);
    expect(await world.query('{ __typename }')).toEqual({ __typename: 'Query' });
  });

  it('refuses a subscription that costs too much', async () => {
    await using world = await createWorld({ limits: { cost: 20 } });
    const query =
      'subscription { events(after: "0") { campaign { jobs { id status index recipients clientMsgId } } } }';
    const { error } = await refusalOver(transport === 'HTTP' ? 'SSE' : transport, world, query);
    expect(error.extensions).toEqual({ code: 'TOO_COSTLY' });
    expect(world.subscribers()).toBe(0);
  });
});

it('weighs what fragments and variables make of an operation, and only the operation that is asked for', async () => {
  await using world = await createWorld({ limits: { cost: 250 } });
  const query = `query A($n: Int) { campaigns(first: $n) { nodes { ...F } } } query B { __typename }
    fragment F on Campaign { id ... { status } }`;
  const ask = (operationName: string, n: number) => world.post({ query, operationName, variables: { n } });
  expect((await ask('A', 100)).body.errors[0].extensions).toEqual({ code: 'TOO_COSTLY' });
  expect((await ask('A', 20)).body.errors).toBeUndefined();
  expect((await ask('B', 100)).body.errors).toBeUndefined();
});

const untouched = oneWorld();

it('is not kept busy by fragments that multiply each other', async () => {
  const world = untouched();
  const fragments = Array.from(
    { length: 40 },
    (_, index) => `fragment F${index} on Campaign { id ...F${index + 1} ...F${index + 1} }`,
  );
  const query = `{ campaigns { nodes { ...F0 } } } ${fragments.join(' ')} fragment F40 on Campaign { id }`;
  const { status, body } = await world.post({ query });
  expect(status).toBe(400);
  expect(body.errors[0].extensions).toEqual({ code: 'TOO_COSTLY' });
});

it('has an answer to the largest document that it reads within a few seconds', async () => {
  const world = untouched();
  const query = `{ accounts { ${'appId '.repeat(usualLimits.tokens - 6)} } }`;
  const start = performance.now();
  expect((await world.post({ query })).body.errors).toHaveLength(1);
  expect(performance.now() - start).toBeLessThan(5_000);
});

it('takes what GraphiQL asks, and the operations that it starts with', async () => {
  await using world = await createWorld();
  const introspection = getIntrospectionQuery({
    inputValueDeprecation: true,
    oneOf: true,
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
    inputObjectOneOf: true,
  } as object);
  for (const query of [introspection, ...graphiqlTabs.map(({ query }) => query)]) {
    if (query.includes('subscription')) continue;
    expect((await world.post({ query })).body.errors, query).toBeUndefined();
  }
});

describe('the cost of an operation', () => {
  const query = '{ campaigns(first: 50) { nodes { id jobs { id } } } }';
  const cost = { cost: 351, depth: 4, mostCost: usualLimits.cost, mostDepth: usualLimits.depth };

  it('is told to whoever asks by a header', async () => {
    await using world = await createWorld();
    await seedCampaigns(world, [{}]);
    const { body } = await world.post({ query }, { 'GraphQL-Cost': '1' });
    expect(body.data.campaigns.nodes).toHaveLength(1);
    expect(body.extensions).toEqual({ cost });
    expect((await world.post({ query })).body.extensions).toBeUndefined();
  });

  it.each(['HTTP', 'WebSocket'])(
    'is told to whoever asks by the extensions of a request over %s',
    async (by) => {
      const world = untouched();
      const extensions = { cost: true };
      if (by === 'HTTP') {
        expect((await world.post({ query, extensions })).body.extensions).toEqual({ cost });
        return;
      }
      const client = connectTo(world);
      const { value } = await client.iterate({ query, extensions }).next();
      expect(value?.extensions).toEqual({ cost });
      await client.dispose();
    },
  );

  it('counts what is asked of WeChat, so that no query asks it without end', async () => {
    await using world = await createWorld();
    const plan = `planMassSend(input: {
      idempotencyKey: "one", audience: { tagId: 2 }, message: { text: { content: "hello" } }
    }) { estimatedSeconds }`;
    const asking = `{ ${Array.from({ length: 100 }, (_, index) => `a${index}: ${plan}`).join(' ')} }`;
    const before = calls(world).length;
    const { body } = await world.post({ query: asking });
    expect(body).toMatchObject({ errors: [{ extensions: { code: 'TOO_COSTLY' } }] });
    expect(calls(world)).toHaveLength(before);
    const { body: told } = await world.post({ query: `{ ${plan} }` }, { 'GraphQL-Cost': '1' });
    expect(told.extensions.cost.cost).toBe(1_001);
  });

  it('is told where it is too much', async () => {
    await using world = await createWorld({ limits: { cost: 100 } });
    const { body } = await world.post({ query }, { 'GraphQL-Cost': '1' });
    expect(body).toMatchObject({
      errors: [{ extensions: { code: 'TOO_COSTLY' } }],
      extensions: { cost: { cost: 351 } },
    });
  });
});

describe('a request of too many bytes', () => {
  const narrow = oneWorld({ env: { BODY_LIMIT: '2048' } });
  const query = `{ __typename } # ${'x'.repeat(2048)}`;

  it('is refused over HTTP', async () => {
    const world = narrow();
    const { status, body } = await world.post({ query });
    expect(status).toBe(413);
    expect(body.errors[0].extensions).toEqual({ code: 'REQUEST_ENTITY_TOO_LARGE' });
    expect(await world.query('{ __typename }')).toBeTruthy();
  });

  it('is refused as the operations of a form', async () => {
    const world = narrow();
    const { status, body } = await postForm(
      world.url,
      field('operations', JSON.stringify({ query })),
      field('map', '{}'),
      END.slice(2),
    );
    expect(status).toBe(413);
    expect(body.errors[0].extensions).toEqual({ code: 'REQUEST_ENTITY_TOO_LARGE' });
  });

  it('ends a WebSocket, and nothing else', async () => {
    const world = narrow();
    const client = connectTo(world);
    await expect(client.iterate({ query }).next()).rejects.toMatchObject({ code: 1009 });
    expect(await world.query('{ __typename }')).toBeTruthy();
  });
});

describe('a caller', () => {
  it('has so many subscriptions at most, over SSE and WebSocket together, and more once one has ended', async () => {
    await using world = await createWorld({ limits: { subscriptions: 2 } });
    const sse = await world.subscribe('SSE', EVENTS, { after: '0' });
    const client = connectTo(world);
    const first = client.iterate({ query: EVENTS, variables: { after: '0' } });
    void first.next();
    await until(() => world.subscribers() === 2);
    const code = 'TOO_MANY_SUBSCRIPTIONS';
    const bySse = await refusalOver('SSE', world, EVENTS, { after: '0' });
    expect(bySse).toMatchObject({ status: 429, error: { extensions: { code } } });
    const byWebSocket = await refusalOver('WebSocket', world, EVENTS, { after: '0' });
    expect(byWebSocket.error.extensions).toEqual({ code });
    await first.return?.();
    await until(() => world.subscribers() === 1);
    await using third = await world.subscribe<any>('SSE', EVENTS, { after: '0' });
    await sse.close();
    await until(() => world.subscribers() === 1);
    await using fourth = await world.subscribe<any>('WebSocket', EVENTS, { after: '0' });
    void fourth.next().catch(() => {});
    await until(() => world.subscribers() === 2);
    await third.close();
    await client.dispose();
  });

  it('gets back what a wrong subscription took', async () => {
    await using world = await createWorld({ limits: { subscriptions: 1 } });
    for (let count = 0; count < 3; count++) {
      const { error } = await refusalOver('SSE', world, 'subscription { events(after: "x") { id } }');
      expect(error.extensions).toEqual({ code: 'BAD_USER_INPUT' });
    }
  });

  it('gets back what a subscription took that asks for a stream in unusual words', async () => {
    await using world = await createWorld({ limits: { subscriptions: 1 } });
    const ask = (query: string, signal?: AbortSignal) =>
      fetch(`${world.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'text/event-stream; q=0.9' },
        body: JSON.stringify({ query }),
        signal: signal ?? null,
      });
    for (let count = 0; count < 3; count++) {
      const leaving = new AbortController();
      const response = await ask('subscription { events { id } }', leaving.signal);
      expect(response.status).toBe(200);
      expect((await refusalOver('SSE', world, EVENTS, { after: '0' })).status).toBe(429);
      leaving.abort();
      await until(() => world.subscribers() === 0);
      const wrong = await ask('subscription { events(after: "x") { id } }');
      expect(await wrong.text()).toContain('BAD_USER_INPUT');
    }
  });

  it('has so many WebSockets at most, and another once one is closed', async () => {
    await using world = await createWorld({ limits: { connections: 1 } });
    const first = connectTo(world);
    const events = first.iterate({ query: EVENTS, variables: { after: '0' } });
    void events.next();
    await until(() => world.subscribers() === 1);
    await expect(connectTo(world).iterate({ query: '{ __typename }' }).next()).rejects.toMatchObject({
      code: 4429,
    });
    await first.dispose();
    await until(() => world.subscribers() === 0);
    const next = connectTo(world);
    expect((await next.iterate({ query: '{ __typename }' }).next()).value).toMatchObject({ data: {} });
    await next.dispose();
  });
});

it.each(['HTTP', 'WebSocket'] as const)(
  'does not keep anybody waiting for ever over %s',
  async (transport) => {
    await using world = await createWorld({ limits: { queryMs: 1_234 } });
    world.sandbox.script('/cgi-bin/tags/get', { hang: 'before' });
    const answer = refusalOver(transport, world, '{ accounts { tags { id } } }');
    await world.clock.waitForTimer(1_234);
    await world.clock.advance(1_234);
    const { status, error } = await answer;
    expect(error.extensions).toEqual({ code: 'REQUEST_TIMEOUT' });
    if (status !== null) expect(status).toBe(503);
  },
);

it('counts what a variable asks for by its default', async () => {
  await using world = await createWorld({ limits: { cost: 100 } });
  const query = 'query ($n: Int = 100) { campaigns(first: $n) { nodes { id label status } } }';
  expect((await world.post({ query })).body.errors).toMatchObject([{ extensions: { code: 'TOO_COSTLY' } }]);
  expect((await world.post({ query, variables: { n: 1 } })).body.data).toEqual({ campaigns: { nodes: [] } });
});
