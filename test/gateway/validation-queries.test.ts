import { describe, expect, it } from 'vitest';
import { oneWorld } from '../kit/one-world.ts';
import { createWorld } from '../kit/world.ts';

const badUserInput = { extensions: { code: 'BAD_USER_INPUT' } };

const untouched = oneWorld();

describe.each([
  ['U+0000', 'a\0'],
  ['half a surrogate pair', 'a\ud800'],
])('%s in what is asked for', (_, odd) => {
  it.each([
    ['campaign', 'query ($odd: ID!) { campaign(id: $odd) { id } }', odd],
    ['node', 'query ($odd: ID!) { node(id: $odd) { id } }', `cmp_${odd}`],
    ['a job', 'query ($odd: ID!) { node(id: $odd) { id } }', `job_${odd}`],
    ['campaignByMsgId', 'query ($odd: ID!) { campaignByMsgId(msgId: $odd) { id } }', odd],
    ['msgId', 'query ($odd: ID!) { campaigns(filter: { msgId: $odd }) { totalCount } }', odd],
    ['msgDataId', 'query ($odd: ID!) { campaigns(filter: { msgDataId: $odd }) { totalCount } }', odd],
    [
      'account of a filter',
      'query ($odd: ID!) { campaigns(filter: { account: $odd }) { nodes { id } } }',
      odd,
    ],
    [
      'after',
      'query ($odd: String!) { campaigns(after: $odd) { nodes { id } } }',
      Buffer.from(JSON.stringify([0, `cmp_${odd}`])).toString('base64url'),
    ],
  ])('is no reason to fail: %s', async (_, query, value) => {
    const world = untouched();
    const { body } = await world.post({ query, variables: { odd: value } });
    expect(body).toMatchObject({ errors: [badUserInput] });
    expect(world.log.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it.each([
    'subscription ($odd: ID!) { events(campaign: $odd, after: "0") { id } }',
    'subscription ($odd: ID!) { campaignUpdated(id: $odd) { id } }',
  ])('is no reason to fail: %s', async (query) => {
    const world = untouched();
    await using results = await world.subscribe('WebSocket', query, { odd });
    await expect(results.next()).rejects.toThrow('BAD_USER_INPUT');
    expect(world.log.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('a DateTime', () => {
  const query =
    'query ($at: DateTime!) { campaigns(filter: { createdFrom: $at, createdTo: $at }) { totalCount } }';

  it.each([
    '2026-06-01T02:00:00Z',
    '2026-06-01t10:00:00.123456789+08:00',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999Z',
    '2028-02-29T00:00:00-12:00',
  ])('may be %s', async (at) => {
    const world = untouched();
    expect((await world.post({ query, variables: { at } })).body).toEqual({
      data: { campaigns: { totalCount: 0 } },
    });
  });

  it.each([
    '2026-06-01',
    '2026-06-01T02:00:00',
    '2026-06-01 02:00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-06-01T24:00:00Z',
    '2026-06-01T02:60:00Z',
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59-01:00',
    'yesterday',
    '',
    0,
    true,
  ])('may not be %j', async (at) => {
    const world = untouched();
    const { body } = await world.post({ query, variables: { at } });
    expect(body.errors).toHaveLength(1);
    expect(body.data ?? null).toBeNull();
    expect(body.errors[0].message).toContain('RFC 3339');
  });

  it('is answered in UTC with milliseconds', async () => {
    await using world = await createWorld();
    const send = `mutation { massSend(input: { idempotencyKey: "k", audience: { tagId: 100 },
      message: { text: { content: "a" } }, scheduledAt: "2026-06-02T10:00:00.5+08:00" }) {
        ... on MassSendSuccess { campaign { scheduledAt createdAt } }
    } }`;
    const { massSend } = await world.query<any>(send);
    expect(massSend.campaign).toEqual({
      scheduledAt: '2026-06-02T02:00:00.500Z',
      createdAt: '2026-06-01T02:00:00.000Z',
    });
  });
});

it('looks once at a status that is named forty thousand times', async () => {
  const world = untouched();
  const query =
    'query ($statuses: [SendStatus!]) { campaigns(filter: { statuses: $statuses }) { totalCount } }';
  const { body } = await world.post({ query, variables: { statuses: Array(40_000).fill('SENT') } });
  expect(body).toEqual({ data: { campaigns: { totalCount: 0 } } });
});

it('cancelCampaign has no reason to fail of an id that no database can hold', async () => {
  const world = untouched();
  const query = 'mutation ($id: ID!) { cancelCampaign(id: $id) { __typename } }';
  const { body } = await world.post({ query, variables: { id: 'cmp_\0' } });
  expect(body).toMatchObject({ errors: [badUserInput] });
});

it('tells where a moment stands that is none', async () => {
  const world = untouched();
  const { body } = await world.post({
    query: '{ campaigns(filter: { createdFrom: "yesterday" }) { totalCount } }',
  });
  expect(body.errors).toMatchObject([
    { locations: [{ line: 1, column: 36 }], extensions: { code: 'BAD_USER_INPUT' } },
  ]);
});
