import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { getNamedType, Kind, type NamedTypeNode, parse, typeFromAST, visit } from 'graphql';
import { describe, expect, it } from 'vitest';
import { graphiqlTabs } from '../../src/http/graphiql-tabs.ts';
import { schema } from '../../src/resolvers/schema.ts';
import { encodeCursor } from '../../src/schema/campaign-connection.ts';
import { createChance, randomQuery } from '../kit/random-queries.ts';
import { seedCampaigns, withDatabase } from '../kit/seed.ts';
import { createWorld, type World, type WorldOptions } from '../kit/world.ts';

const PAST = 'x-past-the-lane';

/** A gateway whose lane can be passed by, and how many requests took it. */
async function createLaneWorld(options: WorldOptions = {}) {
  let count = 0;
  const world = await createWorld({
    ...options,
    laneWatch: { isOpen: ({ headers }) => headers[PAST] === undefined, answered: () => count++ },
  });
  return Object.assign(world, { answered: () => count });
}

/** With campaigns of many kinds. */
async function createFullWorld(options: WorldOptions = {}) {
  const world = await createLaneWorld(options);
  await seedCampaigns(
    world,
    Array.from({ length: 12 }, (_, index) => ({
      createdAt: new Date(Date.UTC(2026, 4, 1, index >> 1)),
      articles: index % 3,
      status: (['SENT', 'FAILED', 'DELETED', 'UNKNOWN'] as const)[index % 4]!,
      messageType: (['MPNEWS', 'TEXT', 'MPNEWS'] as const)[index % 3]!,
      copyrightState: ([null, 'NOT_REPRINT', 'REPRINT_ALLOWED'] as const)[index % 3]!,
    })),
  );
  // A campaign that fails whenever its job is asked for.
  await withDatabase(world, ({ atomically, tables: t }) =>
    atomically(function* (tx) {
      yield tx.delete(t.jobs).where(eq(t.jobs.id, 'job_000009'));
    }),
  );
  return world;
}

interface Sent {
  body: string;
  headers?: Record<string, string>;
  method?: string;
  search?: string;
}

const withoutIds = (text: string) => text.replace(/("requestId":)"[^"]+"/g, '$1"…"');

async function answerTo(world: World, { body, headers, method = 'POST', search = '' }: Sent, past: boolean) {
  const lines = world.log.length;
  const response = await fetch(`${world.url}/graphql${search}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers, ...(past ? { [PAST]: '1' } : {}) },
    body,
  });
  const { date, ...told } = Object.fromEntries(response.headers);
  return {
    status: response.status,
    headers: told,
    body: withoutIds(await response.text()),
    log: withoutIds(JSON.stringify(world.log.slice(lines).filter(({ level }) => level === 'error'))),
  };
}

/** The second time, the lane knows what it has to read. */
async function expectTheSame(world: World, sent: Sent): Promise<void> {
  const ordinary = await answerTo(world, sent, true);
  for (let time = 1; time <= 2; time++) {
    expect({ sent, ...(await answerTo(world, sent, false)) }).toEqual({ sent, ...ordinary });
  }
}

const known = {
  ID: [
    'cmp_000000',
    'cmp_000004',
    'cmp_000009',
    'job_000001',
    'acc_wx1111111111111111',
    'wx1111111111111111',
    '7000000003',
    '8000000001_1',
    'x'.repeat(300),
    7,
    'none',
  ],
  String: [
    encodeCursor({ createdAt: new Date(Date.UTC(2026, 4, 1, 3)), id: 'cmp_000006' }),
    'cmp_000002',
    'none',
    '\u0000',
  ],
  Int: [1, 2, 3, 5, 8, 12, 20, 100, 1, 2, 5, 0, 101],
  Boolean: [true, false],
  DateTime: [
    '2026-05-01T03:00:00Z',
    '2026-05-01T01:00:00+08:00',
    '2026-05-01T05:00:00.001Z',
    '2027-01-01T00:00:00Z',
    '2026-02-30T00:00:00Z',
  ],
  Date: ['2026-05-01', '2026-05-31', '2026-06-01', '2026-05-02', '2026-13-01'],
};

describe('a query is answered by the lane as by the ordinary server', () => {
  it.each(Array.from({ length: 6 }, (_, seed) => seed))('whatever it asks, chance %i', async (seed) => {
    await using world = await createFullWorld();
    const chance = createChance(seed);
    for (let count = 0; count < 80; count++) {
      const asked = randomQuery(schema, chance, known);
      const cost = chance.oneIn(5) ? { extensions: { cost: true } } : {};
      await expectTheSame(world, { body: JSON.stringify({ ...asked, ...cost }) });
    }
    expect(world.answered()).toBeGreaterThan(10);
  });

  it('for every query that stands in the tests', async () => {
    await using world = await createFullWorld();
    const documents = documentsOfTests();
    expect(documents.length).toBeGreaterThan(50);
    for (const query of documents) {
      const variables = variablesFor(query);
      await expectTheSame(world, { body: JSON.stringify({ query, variables }) });
    }
    expect(world.answered()).toBeGreaterThan(50);
  });
});

/** All texts in the files of tests that are queries and nothing else. */
function documentsOfTests(): string[] {
  const texts = new Set(graphiqlTabs.flatMap(({ query = '' }) => query));
  for (const path of readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.ts'))) {
    const source = readFileSync(join(import.meta.dirname, path), 'utf8');
    for (const [, text = ''] of source.matchAll(/[`'"]((?:query\b|\{)[^`]*?)[`'"]/g)) {
      if (!text.includes('${')) texts.add(text);
    }
  }
  return [...texts].filter(isQuery);
}

function isQuery(text: string): boolean {
  try {
    return parse(text).definitions.every(
      (definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION ||
        (definition.kind === Kind.OPERATION_DEFINITION && definition.operation === 'query'),
    );
  } catch {
    return false;
  }
}

/** The first of the values that are known of each type. */
function variablesFor(query: string): Record<string, unknown> {
  const variables: Record<string, unknown> = {};
  visit(parse(query), {
    VariableDefinition({ variable, type }) {
      const named = typeFromAST(schema, type as NamedTypeNode);
      const values: readonly unknown[] = known[getNamedType(named)?.name as keyof typeof known] ?? [];
      if (values[0] !== undefined) variables[variable.name.value] = values[0];
    },
  });
  return variables;
}

const NAMES = '{ accounts { appId name } }';
const json = (body: unknown) => JSON.stringify(body);

const requests: [string, Sent][] = [
  ['broken JSON', { body: '{"query":' }],
  ['no JSON at all', { body: '' }],
  ['a batch', { body: json([{ query: NAMES }]) }],
  ['null', { body: 'null' }],
  ['a text', { body: '"x"' }],
  ['no query', { body: '{}' }],
  ['an empty query', { body: json({ query: '' }) }],
  ['a query that is no text', { body: json({ query: 1 }) }],
  ['a parameter too many', { body: json({ query: NAMES, more: 1 }) }],
  ['a parameter too many that is null', { body: json({ query: NAMES, more: null }) }],
  ['variables that are no object', { body: json({ query: NAMES, variables: [] }) }],
  ['variables nobody asks for', { body: json({ query: NAMES, variables: { a: { b: 'c' } } }) }],
  ['extensions that are no object', { body: json({ query: NAMES, extensions: 'x' }) }],
  ['extensions of a client', { body: json({ query: NAMES, extensions: { cost: 'x', other: 1 } }) }],
  ['a name of no operation', { body: json({ query: NAMES, operationName: 'Q' }) }],
  ['an empty name', { body: json({ query: NAMES, operationName: '' }) }],
  ['a name that is no text', { body: json({ query: NAMES, operationName: 3 }) }],
  ['two operations without a name', { body: json({ query: `query A ${NAMES} query B ${NAMES}` }) }],
  [
    'two operations, one by name',
    { body: json({ query: `query A ${NAMES} query B ${NAMES}`, operationName: 'B' }) },
  ],
  [
    'a rounded number',
    {
      body: '{"query":"query ($i: ID!) { campaign(id: $i) { id } }","variables":{"i":12345678901234567890}}',
    },
  ],
  ['a mutation', { body: json({ query: 'mutation { cancelCampaign(id: "none") { __typename } }' }) }],
  ['what asks WeChat', { body: json({ query: '{ accounts { tags { id name } } }' }) }],
  ['a status that WeChat tells', { body: json({ query: '{ messageStatus(msgId: "1") { __typename } }' }) }],
  [
    'a look at the schema',
    { body: json({ query: '{ __schema { queryType { name } } __type(name: "Node") { name } }' }) },
  ],
  [
    'a query that is too deep',
    { body: json({ query: `{ campaigns { nodes { ${'account { '.repeat(15)}id${' }'.repeat(15)} } } }` }) },
  ],
  [
    'a query that is too costly',
    {
      body: json({
        query:
          '{ a: campaigns(first: 100) { nodes { jobs { copyrightCheck { results { articleIndex } } } articles { dailyStats { sources { readers } } } } } }',
        extensions: { cost: true },
      }),
    },
  ],
  ['too many tokens', { body: json({ query: `{ ${'__typename '.repeat(6_000)} }` }) }],
  ['too many characters', { body: json({ query: `{ __typename } #${'.'.repeat(100_000)}` }) }],
  ['what the next two may be taken for', { body: json({ query: 'query A { accounts { appId } }\n' }) }],
  [
    'an operation whose name is a document',
    { body: json({ query: '', operationName: 'query A { accounts { appId } }' }) },
  ],
  ['a document that begins with a name', { body: json({ query: 'A\nquery A { accounts { appId } }' }) }],
  [
    'too many aliases',
    {
      body: json({ query: `{ ${Array.from({ length: 101 }, (_, at) => `a${at}: __typename`).join(' ')} }` }),
    },
  ],
  [
    'an alias that is no ordinary key',
    { body: json({ query: '{ __proto__: accounts { constructor: appId __proto__: name } }' }) },
  ],
  [
    'a body that is too large',
    { body: json({ query: NAMES, variables: { a: 'x'.repeat(9 * 1024 * 1024) } }) },
  ],
  ['a byte order mark', { body: `\ufeff${json({ query: NAMES })}` }],
  ['another type', { body: json({ query: NAMES }), headers: { 'content-type': 'text/plain' } }],
  [
    'JSON of GraphQL',
    { body: json({ query: NAMES }), headers: { 'content-type': 'application/graphql+json' } },
  ],
  [
    'a type with a charset',
    { body: json({ query: NAMES }), headers: { 'content-type': 'application/json; charset=utf-8' } },
  ],
  ['parameters in the address', { body: json({ query: NAMES }), search: '?query={nothing}' }],
  ['the header that asks for the cost', { body: json({ query: NAMES }), headers: { 'graphql-cost': '1' } }],
];

const ACCEPTS = [
  ...[
    'application/json',
    'application/graphql-response+json',
    '*/*',
    'text/html',
    'text/event-stream',
    'application/*',
  ],
  'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed',
  'application/graphql-response+json,application/json;q=0.9',
  'application/json;charset=utf-8',
  'application/json;charset=latin1, */*',
  'application/json;xcharset=latin1',
  'multipart/mixed;deferSpec=20220824, application/json',
  'text/plain, */*; q=0.1',
  'image/png',
];

const ORIGINS = ['https://app.example', 'https://other.example', 'null'];

it('a query that met no campaigns at first finds in later ones all that it looks at', async () => {
  await using world = await createLaneWorld();
  const query =
    '{ campaigns { nodes { id label tag: audience { tagId } articles { title copyright { auditState } } } } }';
  const sent = { body: json({ query }) };
  await expectTheSame(world, sent);
  await seedCampaigns(world, [{ messageType: 'TEXT' }]);
  await expectTheSame(world, sent);
  await seedCampaigns(world, [{ id: 'cmp_later', msgId: '1', msgDataId: '2', articles: 2 }]);
  await expectTheSame(world, sent);
  expect(world.answered()).toBe(6);
});

it.each([
  '{ accounts { tags { id } } }',
  '{ accounts { ... on Account { speed { level } } } }',
  '{ messageStatus(msgId: "1") { __typename } }',
  '{ planMassSend(input: { idempotencyKey: "k", audience: { tagId: 2 }, message: { text: { content: "hi" } } }) { issues { message } } }',
])('%s asks WeChat, which must not be done again where the lane comes to nothing', async (query) => {
  await using world = await createFullWorld();
  await expectTheSame(world, { body: json({ query }) });
  expect(world.answered()).toBe(0);
});

it('other requests come to the same, too', async () => {
  await using world = await createFullWorld({ env: { CORS_ORIGINS: 'https://app.example' } });
  for (const [, sent] of requests) await expectTheSame(world, sent);
  for (const accept of ACCEPTS)
    for (const query of [NAMES, '{ nothing }'])
      await expectTheSame(world, { body: json({ query }), headers: { accept } });
  for (const origin of ORIGINS)
    for (const query of [NAMES, '{ nothing }'])
      await expectTheSame(world, { body: json({ query }), headers: { origin } });
  expect(world.answered()).toBeGreaterThan(20);
});

function fileOf(documents: object): string {
  const path = join(mkdtempSync(join(tmpdir(), 'qunfa-documents-')), 'documents.json');
  writeFileSync(path, JSON.stringify(documents));
  return path;
}

it('so do those to a gateway of trusted documents that tells nothing of its schema', async () => {
  const documents = {
    'sha256:abc': NAMES,
    b: 'query ($n: Int) { campaigns(first: $n) { nodes { id label } } }',
  };
  await using world = await createFullWorld({
    env: { TRUSTED_DOCUMENTS: fileOf(documents), INTROSPECTION: 'off' },
  });
  for (const params of [
    { id: 'abc' },
    { documentId: 'sha256:abc' },
    { documentId: 'b', variables: { n: 3 } },
    { documentId: 'b', variables: { n: 'many' } },
    { doc_id: 'nobody' },
    { query: NAMES },
    { query: '{ accounts { id } }' },
    { query: NAMES, extensions: { persistedQuery: { version: 1, sha256Hash: 'abc' } } },
    { extensions: { persistedQuery: { version: 1, sha256Hash: 'abc' } } },
    {},
  ])
    await expectTheSame(world, { body: json(params) });
  expect(world.answered()).toBeGreaterThan(8);
});
