import { getNamedType, isAbstractType, isInterfaceType, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/resolvers/schema.ts';
import { PUSHED_WITHIN_MS } from '../kit/actions.ts';
import { bearer } from '../kit/bearer.ts';
import { calls } from '../kit/calls.ts';
import { API_KEYS, askOver, type KeyName, SECRETS, type Way } from '../kit/keys.ts';
import { oneWorld } from '../kit/one-world.ts';
import { type RootField, rootFields } from '../kit/root-fields.ts';
import { countRows } from '../kit/sql.ts';
import { createWorld, type World } from '../kit/world.ts';

/** Who may ask for what, as it is promised: queries and subscriptions take `read` but for these. */
const MUTATIONS: Record<string, 'send' | 'admin'> = {
  cancelCampaign: 'send',
  deleteMass: 'send',
  massSend: 'send',
  preview: 'send',
  resumeSending: 'admin',
  setSpeed: 'send',
  settleSend: 'admin',
  syncAnalytics: 'admin',
  uploadImage: 'send',
  uploadMedia: 'send',
  uploadNews: 'send',
  uploadVideo: 'send',
};
const QUERIES: Record<string, 'admin'> = { auditTrail: 'admin' };
const HELD_BY: Record<'read' | 'send' | 'admin', KeyName[]> = {
  read: ['reader', 'sender', 'admin'],
  send: ['sender', 'admin'],
  admin: ['admin'],
};
const KEYS = Object.keys(SECRETS) as KeyName[];

const neededFor = ({ root, name }: RootField) =>
  root === 'mutation' ? MUTATIONS[name]! : (QUERIES[name] ?? 'read');

const withKeys = (env = {}): Promise<World> => createWorld({ env: { API_KEYS, ...env } });

const keyed = oneWorld({ env: { API_KEYS } });

const codesOf = ({ errors = [] }: { errors?: any[] }): unknown[] =>
  errors.map(({ extensions, closed }) => extensions?.code ?? closed);

const SEND =
  'mutation { massSend(input: { idempotencyKey: "one", audience: { tagId: 100 }, message: { text: { content: "x" } } }) { ... on MassSendSuccess { campaign { id } } } }';

/** Without an event there is nothing that a subscription could tell. */
async function firstCampaign(world: World): Promise<string> {
  const { data } = await askOver.HTTP(world, SECRETS.sender, SEND);
  return data.massSend.campaign.id;
}

const asked = ({ root, name, operation }: RootField, campaign: string): string => {
  if (root !== 'subscription') return operation;
  const args = name === 'events' ? '(after: "0")' : `(id: "${campaign}")`;
  return `subscription { ${name}${args} { __typename } }`;
};

it('names every mutation and its scope', () => {
  const mutations = rootFields().filter(({ root }) => root === 'mutation');
  expect(mutations.map(({ name }) => name).toSorted()).toEqual(Object.keys(MUTATIONS).toSorted());
  for (const field of mutations) {
    const { description } = schema.getMutationType()!.getFields()[field.name]!;
    expect(description).toContain(`Needs the scope \`${neededFor(field)}\``);
  }
});

describe.each<Way>(['HTTP', 'SSE', 'WebSocket'])('over %s', (way) => {
  const fields = rootFields().filter(
    ({ root, files }) =>
      (way !== 'HTTP' || root !== 'subscription') && (way !== 'WebSocket' || files.length === 0),
  );

  it.each(KEYS)(
    'gives the key of a %s what its scope allows, and refuses the rest at its path',
    async (key) => {
      await using world = await withKeys();
      const campaign = await firstCampaign(world);
      for (const field of fields) {
        const answer = await askOver[way](world, SECRETS[key], asked(field, campaign), field.files);
        const isAllowed = HELD_BY[neededFor(field)].includes(key);
        const codes = codesOf(answer);
        if (isAllowed) {
          expect([field.name, codes]).not.toContainEqual(expect.arrayContaining(['FORBIDDEN']));
          expect([field.name, codes]).not.toContainEqual(expect.arrayContaining(['INTERNAL_SERVER_ERROR']));
        } else {
          expect([field.name, codes]).toEqual([field.name, ['FORBIDDEN']]);
          expect(answer.errors?.[0].path).toEqual([field.name]);
        }
      }
    },
  );

  it.each([
    ['without a key', null],
    ['with a secret that no key has', 'reader-3f9a1c5e7b2d4f61'],
    ['with the name of a key', 'reader'],
  ])('answers nothing %s', async (_, secret) => {
    const world = keyed();
    for (const field of fields) {
      const answer = await askOver[way](world, secret, field.operation, field.files);
      expect(codesOf(answer)).toEqual([way === 'WebSocket' ? 4403 : 'UNAUTHENTICATED']);
      expect(answer.data ?? null).toBeNull();
    }
    expect(calls(world)).toEqual([]);
  });
});

it('touches neither WeChat nor the database for a mutation that is not allowed, but for the audit trail', async () => {
  await using world = await withKeys();
  const before = await countRows(world.config.databaseUrl);
  const mutations = rootFields().filter(({ root }) => root === 'mutation');
  for (const { operation, files } of mutations) await askOver.HTTP(world, SECRETS.reader, operation, files);
  const { audit, ...others } = await countRows(world.config.databaseUrl);
  expect({ ...others, audit: 0 }).toEqual(before);
  expect(audit).toBe(mutations.length);
  expect(world.sandbox.requests).toEqual([]);
});

it('refuses one field of an operation and goes on with what is allowed', async () => {
  const world = keyed();
  const query = `query { accounts { appId } trail: auditTrail { nodes { id } } }`;
  const { errors } = await askOver.HTTP(world, SECRETS.reader, query);
  expect(errors).toMatchObject([{ path: ['trail'], extensions: { code: 'FORBIDDEN' } }]);
});

it.each([
  ['an alias', 'mutation { harmless: setSpeed(level: 1) { __typename } }', ['harmless']],
  [
    'a fragment',
    'mutation { ...F } fragment F on Mutation { setSpeed(level: 1) { __typename } }',
    ['setSpeed'],
  ],
  ['an inline fragment', 'mutation { ... on Mutation { setSpeed(level: 1) { __typename } } }', ['setSpeed']],
  ['a directive', 'mutation { setSpeed(level: 1) @include(if: true) { __typename } }', ['setSpeed']],
])('cannot be got round by %s', async (_, query, path) => {
  const world = keyed();
  const { errors } = await askOver.HTTP(world, SECRETS.reader, query);
  expect(errors).toMatchObject([{ path, extensions: { code: 'FORBIDDEN' } }]);
  expect(world.sandbox.requests).toEqual([]);
});

it('lets nobody come to the audit trail by another way than its field, nodes included', () => {
  const reached = new Set<string>();
  const go = (name: string): void => {
    if (reached.has(name)) return;
    reached.add(name);
    const type = schema.getType(name);
    const possible = isAbstractType(type) ? schema.getPossibleTypes(type) : [];
    for (const { name: each } of possible) go(each);
    const fields = isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
    for (const field of fields) go(getNamedType(field.type).name);
  };
  for (const type of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    for (const field of Object.values(type!.getFields()))
      if (field.name !== 'auditTrail') go(getNamedType(field.type).name);
  }
  expect(reached).toContain('Campaign');
  expect(reached).not.toContain('AuditEntry');
  expect(reached).not.toContain('Mutation');
});

describe('past GraphQL', () => {
  const paths = ['/export/campaigns.csv', '/report', '/metrics'];

  it.each(paths)('%s asks for a key', async (path) => {
    const world = keyed();
    for (const headers of [{}, bearer('nobody-has-this-secret'), { authorization: SECRETS.reader }]) {
      const refused = await fetch(world.url + path, { headers });
      expect(refused.status).toBe(401);
      expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer\b/);
      expect(await refused.text()).toBe('this needs a valid API key');
    }
    const answered = await fetch(world.url + path, { headers: bearer(SECRETS.reader) });
    expect([401, 403]).not.toContain(answered.status);
  });

  it.each(['/healthz', '/readyz', '/'])('%s is open to all', async (path) => {
    const world = keyed();
    expect((await fetch(world.url + path)).status).toBe(200);
  });

  it('callbacks are open, as WeChat has no key', async () => {
    await using world = await withKeys();
    const refused = await fetch(`${world.url}/wechat/callback/${world.appId}`);
    // Not for want of a key: nobody has signed it.
    expect(refused.headers.get('www-authenticate')).toBeNull();
    const taken = world.sandbox.waitFor('push', ({ accepted }) => accepted);
    await firstCampaign(world);
    await world.clock.advance(PUSHED_WITHIN_MS);
    await taken;
  });

  it('the page of GraphiQL is open where it is shown, and what it asks is not', async () => {
    await using world = await withKeys({ INTROSPECTION: 'on' });
    const page = await fetch(`${world.url}/graphql`, { headers: { accept: 'text/html' } });
    expect(await page.text()).toContain('<title>qunfa</title>');
    const { status } = await fetch(`${world.url}/graphql?query={__schema{queryType{name}}}`);
    expect(status).toBe(401);
  });
});

it('answers 401 with how to ask, and an error by its code', async () => {
  const world = keyed();
  const response = await fetch(`${world.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query: '{ __typename }' }),
  });
  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).toBe('Bearer realm="qunfa"');
  expect(await response.json()).toEqual({
    errors: [{ message: expect.stringContaining('Authorization'), extensions: { code: 'UNAUTHENTICATED' } }],
  });
});

it('refuses a body without reading it, and the next request on the connection is its own', async () => {
  await using world = await withKeys();
  const body = JSON.stringify({ query: '{ __typename }', variables: { x: 'x'.repeat(4_000_000) } });
  const headers = { 'content-type': 'application/json' };
  for (let count = 0; count < 3; count++) {
    const refused = await fetch(`${world.url}/graphql`, { method: 'POST', headers, body }).catch(() => null);
    if (refused) expect(refused.status).toBe(401);
  }
  expect(codesOf(await askOver.HTTP(world, SECRETS.reader, '{ accounts { appId } }'))).toEqual([]);
});

it.each(['bearer', 'BEARER', 'Bearer  '])('takes the scheme written as %s', async (scheme) => {
  const world = keyed();
  const { body } = await world.post(
    { query: '{ accounts { appId } }' },
    { authorization: `${scheme.trim()} ${scheme.endsWith(' ') ? ' ' : ''}${SECRETS.reader}` },
  );
  expect(body.errors).toBeUndefined();
});

it.each([`Basic ${SECRETS.admin}`, SECRETS.admin, 'Bearer', 'Bearer ', `Bearer ${SECRETS.admin} more`])(
  'takes no other scheme, and no more than a secret: %s',
  async (authorization) => {
    const world = keyed();
    expect((await world.post({ query: '{ __typename }' }, { authorization })).status).toBe(401);
  },
);

it('is open to all who reach it where it has no keys, whatever they send', async () => {
  await using world = await createWorld();
  const { body } = await world.post({ query: '{ auditTrail { nodes { id } } }' }, bearer('anything'));
  expect(body).toEqual({ data: { auditTrail: { nodes: [] } } });
});

it('tells the log of requests without a valid key, once a minute for an address', async () => {
  await using world = await withKeys();
  const ask = () =>
    fetch(`${world.url}/report`, { headers: { authorization: 'Bearer guessed-and-wrong-1234' } });
  const told = () => world.log.filter(({ message }) => message.includes('without a valid API key'));
  await ask();
  await ask();
  expect(told()).toMatchObject([{ level: 'warn', context: { remoteAddress: '127.0.0.1' } }]);
  expect(JSON.stringify(told())).not.toContain('guessed');
  await world.clock.advance(60_000);
  await ask();
  expect(told()).toHaveLength(2);
});
