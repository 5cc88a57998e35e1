import { getIntrospectionQuery } from 'graphql';
import { createClient } from 'graphql-ws';
import { describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { oneWorld } from '../kit/one-world.ts';
import { takeTableAway } from '../kit/sql.ts';
import { createWorld, type World } from '../kit/world.ts';

const env = { INTROSPECTION: 'off' };

type Answer = { data?: any; errors?: any[] };
type Ask = (world: World, query: string, variables?: Record<string, unknown>) => Promise<Answer>;

const byPost: Ask = async (world, query, variables) => (await world.post({ query, variables })).body;

const byGet: Ask = async (world, query, variables = {}) => {
  const search = new URLSearchParams({ query, variables: JSON.stringify(variables) });
  return (await fetch(`${world.url}/graphql?${search}`)).json() as Promise<Answer>;
};

const bySse: Ask = async (world, query, variables) => {
  const response = await fetch(`${world.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query, variables }),
  });
  return JSON.parse(/^data: (.+)$/m.exec(await response.text())?.[1] ?? '{}');
};

const byWebSocket: Ask = async (world, query, variables = {}) => {
  const url = `${world.url.replace('http', 'ws')}/graphql`;
  const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0 });
  const answer = await client
    .iterate({ query, variables })
    .next()
    .then(
      ({ value }) => value as Answer,
      (errors: any[]) => ({ errors }),
    );
  await client.dispose();
  return answer;
};

const NEARLY: [string, string, object?][] = [
  ['a field', '{ acounts { appId } }'],
  ['a field of a type', '{ accounts { appIdd } }'],
  ['an argument', '{ campaigns(firts: 1) { totalCount } }'],
  ['a type', 'query ($a: CampaignFilte) { campaigns(filter: $a) { totalCount } }'],
  ['a fragment of a type', '{ node(id: "a") { ... on Campagn { id } } }'],
  ['an enum value', '{ campaigns(filter: { statuses: [SEN] }) { totalCount } }'],
  ['a field of an input', '{ campaigns(filter: { statusses: [SENT] }) { totalCount } }'],
  ['a directive', '{ accounts @includ(if: true) { appId } }'],
  [
    'a field of an input in a variable',
    'query ($filter: CampaignFilter) { campaigns(filter: $filter) { totalCount } }',
    { filter: { statusses: ['SENT'] } },
  ],
  [
    'an enum value in a variable',
    'query ($filter: CampaignFilter) { campaigns(filter: $filter) { totalCount } }',
    { filter: { statuses: ['SEN'] } },
  ],
];

describe.each([
  ['POST', byPost],
  ['GET', byGet],
  ['SSE', bySse],
  ['WebSocket', byWebSocket],
])('with introspection off, over %s', (_, ask) => {
  // Of each way its own, as the gateway remembers which documents it has found wrong.
  const quiet = oneWorld({ env });

  it.each(NEARLY)('nothing is guessed from the wrong name of %s', async (_name, query, variables = {}) => {
    const world = quiet();
    const { errors } = await ask(world, query, { ...variables });
    expect(errors?.length).toBeGreaterThan(0);
    expect(JSON.stringify(errors)).not.toMatch(/did you mean/i);
  });

  it('there is no introspection', async () => {
    const world = quiet();
    for (const query of [
      getIntrospectionQuery(),
      '{ ...F } fragment F on Query { s: __schema { types { name } } }',
    ]) {
      const { data, errors } = await ask(world, query);
      expect(data ?? null).toBeNull();
      expect(errors).toMatchObject([{ extensions: { code: 'INTROSPECTION_OFF' } }]);
    }
  });

  it('no type is known by its name', async () => {
    const world = quiet();
    const query =
      'query ($name: String!) { __typename a: __type(name: $name) { fields { name } } ... { __type(name: "Query") { name } } }';
    const answer = await ask(world, query, { name: 'Campaign' });
    expect(answer).toEqual({ data: { __typename: 'Query', a: null, __type: null } });
  });
});

const alsoQuiet = oneWorld({ env });

it('a subscription is not guessed at either', async () => {
  const world = alsoQuiet();
  for (const ask of [bySse, byWebSocket]) {
    for (const query of [
      'subscription { events { idd } }',
      'subscription ($after: Strin) { events { id } }',
    ]) {
      const { errors } = await ask(world, query);
      expect(errors?.length).toBeGreaterThan(0);
      expect(JSON.stringify(errors)).not.toMatch(/did you mean/i);
    }
  }
});

it('shows no GraphiQL where introspection is off', async () => {
  const world = alsoQuiet();
  const response = await fetch(`${world.url}/graphql`, { headers: { accept: 'text/html' } });
  expect(response.status).toBeGreaterThanOrEqual(400);
  expect(await response.text()).not.toContain('graphiql');
  expect(await (await fetch(world.url)).text()).not.toContain('GraphiQL');
});

it('guesses and shows GraphiQL where introspection is on', async () => {
  await using world = await createWorld();
  expect(JSON.stringify(await byPost(world, '{ acounts { appId } }'))).toMatch(/did you mean/i);
  const response = await fetch(`${world.url}/graphql`, { headers: { accept: 'text/html' } });
  expect(response.status).toBe(200);
  expect(await response.text()).toContain('graphiql');
});

it.each([byPost, byGet, bySse, byWebSocket])(
  'tells no SQL and no stack of what failed inside',
  async (ask) => {
    await using world = await createWorld();
    await using missing = await takeTableAway(world.config.databaseUrl, 'campaigns');
    const answer = await ask(world, '{ campaigns { totalCount } }');
    expect(answer.errors).toMatchObject([
      { message: 'Unexpected error.', extensions: { code: 'INTERNAL_SERVER_ERROR' } },
    ]);
    expect(JSON.stringify(answer)).not.toMatch(/select|relation|table|node_modules|\.ts|stack/i);
    await missing.putBack();
  },
);
