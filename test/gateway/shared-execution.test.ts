import { once } from 'node:events';
import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { send, textToTag } from '../kit/actions.ts';
import { bearer } from '../kit/bearer.ts';
import { EVENTS } from '../kit/event-reading.ts';
import { API_KEYS } from '../kit/keys.ts';
import { oneWorld } from '../kit/one-world.ts';
import { pushForeignResults } from '../kit/pushes.ts';
import { runSql, takeTableAway } from '../kit/sql.ts';
import { until } from '../kit/until.ts';
import { createWorld, type World } from '../kit/world.ts';

/** A weight that is no different: what the server reads as any other wish, and the lane leaves to it. */
const ORDINARY = 'text/event-stream;q=0.9';
const OWN = 'text/event-stream';

interface Asked {
  query: string;
  variables?: Record<string, unknown>;
  operationName?: string;
  extensions?: object;
}

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  /** Resolves with so many events, and what came after them where the answer has ended. */
  take(count: number): Promise<string[]>;
  close(): void;
}

async function ask(
  world: World,
  body: Asked | null,
  accept: string,
  headers: Record<string, string> = {},
  path = '/graphql',
): Promise<Answer> {
  const outgoing = request(`${world.url}${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { ...(body ? { 'content-type': 'application/json' } : {}), accept, ...headers },
  });
  outgoing.on('error', () => {});
  outgoing.end(body ? JSON.stringify(body) : undefined);
  const [response] = await once(outgoing, 'response');
  let text = '';
  let ended = false;
  response.setEncoding('utf8');
  response.on('error', () => {});
  response.on('data', (chunk: string) => {
    text += chunk;
  });
  response.once('end', () => {
    ended = true;
  });
  // When an answer was begun is no part of it.
  const { date, ...kept } = response.headers;
  return {
    status: response.statusCode,
    headers: kept,
    async take(count) {
      const events = () => text.split('\n\n').filter((event) => event !== '' && event !== ':');
      await until(() => ended || events().length >= count);
      return events().map((event) => event.replace(/"requestId":"[^"]+"/g, '"requestId":"…"'));
    },
    close: () => outgoing.destroy(),
  };
}

const JOBS = `subscription ($id: ID!, $with: Boolean = true) { campaignUpdated(id: $id) {
  id status createdAt label messageType ... @include(if: $with) { jobs { id status clientMsgId msgId } articles { index title } }
} }`;

/** One campaign whose send WeChat has taken, and two results of sends that were made elsewhere: all there is for now. */
async function prepare(world: World) {
  const {
    campaign: { id },
  } = await send(world, textToTag('one'));
  const statusOf = async () =>
    (await world.query<any>('query ($id: ID!) { campaign(id: $id) { status } }', { id })).campaign.status;
  while ((await statusOf()) !== 'SENDING') await new Promise(setImmediate);
  await pushForeignResults(world, 2);
  const events = await runSql(world.config.databaseUrl, 'select id, campaign_id as campaign from events');
  return { id, all: events.length, ofCampaign: events.filter(({ campaign }) => campaign === id).length };
}

/** Those that go on; `CAMPAIGN` stands for the id of one. */
const GO_ON: [string, Asked][] = [
  ['every event', { query: EVENTS, variables: { after: '0' } }],
  ['every event of a campaign', { query: EVENTS, variables: { after: '0', campaign: 'CAMPAIGN' } }],
  ['events by a literal', { query: 'subscription { events(after: "0") { __typename id at } }' }],
  [
    'events by fragments and under other names',
    {
      query: `subscription S { e: events(after: "0") { ...F } }
        fragment F on Event { type: __typename campaign { c: id jobs { id index } } ... on MassSendJobFinished { counts { total } copyrightCheck { __typename } } }`,
    },
  ],
  [
    'one of several operations',
    {
      query: 'subscription A { events(after: "0") { id } } query B { __typename }',
      operationName: 'A',
    },
  ],
  ['what they cost', { query: EVENTS, variables: { after: '0' }, extensions: { cost: true } }],
  ['a campaign', { query: JOBS, variables: { id: 'CAMPAIGN' } }],
  ['less of a campaign', { query: JOBS, variables: { id: 'CAMPAIGN', with: false } }],
  ['unknown variables', { query: EVENTS, variables: { after: '0', none: 1 } }],
];

/** Those that are over at once. */
const REFUSED: [string, Asked][] = [
  ['a document that cannot be read', { query: 'subscription {' }],
  ['an unknown field', { query: 'subscription { events { idd } }' }],
  ['an unknown argument', { query: 'subscription { events(before: "1") { id } }' }],
  ['two fields at once', { query: 'subscription { events { id } campaignUpdated { id } }' }],
  ['a variable of no type', { query: 'subscription ($after: Strin) { events(after: $after) { id } }' }],
  ['a variable that is missing', { query: JOBS, variables: {} }],
  ['a variable that is null', { query: JOBS, variables: { id: null } }],
  ['a variable of another type', { query: EVENTS, variables: { after: { no: 'id' } } }],
  ['a number that was rounded', { query: EVENTS, variables: { after: 2 ** 60 } }],
  ['a cursor that is none', { query: 'subscription { events(after: "x") { id } }' }],
  ['a cursor behind the last event', { query: 'subscription { events(after: "9999") { id } }' }],
  ['a campaign that there is not', { query: JOBS, variables: { id: 'cmp_none' } }],
  ['an id that no database takes', { query: JOBS, variables: { id: 'a\u0000b' } }],
  ['a name of no operation', { query: EVENTS, operationName: 'Other' }],
  [
    'no name where there are two',
    { query: 'subscription A { events { id } } subscription B { events { id } }' },
  ],
  [
    'too many aliases',
    { query: `subscription { events { ${'a: id '.repeat(101).replace(/a/g, (_, at) => `a${at}`)} } }` },
  ],
  [
    'too much',
    {
      query: `subscription { events { campaign { ${'jobs { campaign { '.repeat(9)} id ${'} } '.repeat(9)} } } }`,
    },
  ],
  ['too many tokens', { query: `subscription { events { ${'id '.repeat(6_000)} } }` }],
  ['no document', { query: '' }],
  ['a query', { query: '{ __typename }' }],
  ['a mutation', { query: 'mutation { cancelCampaign(id: "cmp_none") { __typename } }' }],
];

describe('the same bytes come from the lane for subscriptions as from the server', () => {
  async function told(world: World, asked: Asked, accept: string, headers?: Record<string, string>) {
    const answer = await ask(world, asked, accept, headers);
    const { status, headers: given } = answer;
    return { answer, head: { status, headers: given } };
  }

  let prepared: Awaited<ReturnType<typeof prepare>>;
  const busy = oneWorld({}, async (world) => {
    prepared = await prepare(world);
  });
  const quiet = oneWorld();

  it.each(GO_ON)('about %s', async (_, asked) => {
    const world = busy();
    const { id, all, ofCampaign } = prepared;
    const own = JSON.parse(JSON.stringify(asked).replaceAll('CAMPAIGN', id)) as Asked;
    const ordinary = await told(world, own, ORDINARY);
    const lane = await told(world, own, OWN);
    expect(lane.head).toEqual(ordinary.head);
    expect(lane.head.status).toBe(200);
    const count = own.query === JOBS ? 1 : own.variables?.campaign ? ofCampaign : all;
    expect(count).toBeGreaterThan(0);
    expect(await lane.answer.take(count)).toEqual(await ordinary.answer.take(count));
    ordinary.answer.close();
    lane.answer.close();
  });

  it.each(REFUSED)('where %s is refused or answered', async (_, asked) => {
    const world = quiet();
    const ordinary = await told(world, asked, ORDINARY);
    const lane = await told(world, asked, OWN);
    expect(lane.head).toEqual(ordinary.head);
    expect(await lane.answer.take(Number.POSITIVE_INFINITY)).toEqual(
      await ordinary.answer.take(Number.POSITIVE_INFINITY),
    );
    expect(world.subscribers()).toBe(0);
  });

  it('where something fails in the middle, under a request id', async () => {
    await using world = await createWorld();
    await prepare(world);
    const asked = { query: 'subscription { events(after: "0") { id campaign { id jobs { id } } } }' };
    const away = await takeTableAway(world.config.databaseUrl, 'jobs');
    const ordinary = await ask(world, asked, ORDINARY);
    const lane = await ask(world, asked, OWN);
    const [expected] = await ordinary.take(1);
    expect(expected).toMatch(/INTERNAL_SERVER_ERROR/);
    expect((await lane.take(1))[0]).toBe(expected);
    await away.putBack();
    ordinary.close();
    lane.close();
  });

  it.each<[string, Record<string, string>]>([
    ['every event', { query: EVENTS, variables: '{"after":"0"}' }],
    ['an unknown field', { query: 'subscription { events { idd } }' }],
    ['variables that are no JSON', { query: EVENTS, variables: '{' }],
    ['a mutation', { query: 'mutation { cancelCampaign(id: "cmp_none") { __typename } }' }],
    ['parameters of no meaning', { query: 'subscription { events(after: "x") { id } }', other: '1' }],
  ])('for an address that asks for %s', async (_, parameters) => {
    const world = busy();
    const path = `/graphql?${new URLSearchParams(parameters)}`;
    const ordinary = await ask(world, null, ORDINARY, {}, path);
    const lane = await ask(world, null, OWN, {}, path);
    expect([lane.status, lane.headers]).toEqual([ordinary.status, ordinary.headers]);
    expect(await lane.take(prepared.all)).toEqual(await ordinary.take(prepared.all));
    ordinary.close();
    lane.close();
  });

  it('for one who has no key, or one that does not count', async () => {
    await using world = await createWorld({ env: { API_KEYS } });
    for (const headers of [{}, bearer('x')]) {
      const ordinary = await told(world, { query: EVENTS }, ORDINARY, headers);
      const lane = await told(world, { query: EVENTS }, OWN, headers);
      expect(lane.head).toEqual(ordinary.head);
      expect(lane.head.status).toBe(401);
      expect(await lane.answer.take(Number.POSITIVE_INFINITY)).toEqual(
        await ordinary.answer.take(Number.POSITIVE_INFINITY),
      );
    }
  });

  it('for one who has as many subscriptions as it may', async () => {
    await using world = await createWorld({ limits: { subscriptions: 1 } });
    const first = await ask(world, { query: EVENTS }, OWN);
    const ordinary = await told(world, { query: EVENTS }, ORDINARY);
    const lane = await told(world, { query: EVENTS }, OWN);
    expect(lane.head).toEqual(ordinary.head);
    expect(await lane.answer.take(1)).toEqual(await ordinary.answer.take(1));
    first.close();
    await until(() => world.subscribers() === 0);
    const again = await ask(world, { query: EVENTS }, OWN);
    await until(() => world.subscribers() === 1);
    again.close();
  });

  it('for a page of another origin, and for one that is not welcome', async () => {
    await using world = await createWorld({
      env: { CORS_ORIGINS: 'https://one.example,https://two.example' },
    });
    for (const origin of ['https://one.example', 'https://three.example']) {
      const ordinary = await told(world, { query: EVENTS }, ORDINARY, { origin });
      const lane = await told(world, { query: EVENTS }, OWN, { origin });
      expect(lane.head).toEqual(ordinary.head);
      ordinary.answer.close();
      lane.answer.close();
    }
  });

  it('over WebSocket', async () => {
    const world = busy();
    const { all } = prepared;
    const asked = { query: EVENTS, variables: { after: '0' } };
    const ordinary = await ask(world, asked, ORDINARY);
    const socket = new WebSocket(`${world.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const heard: string[] = [];
    socket.on('message', (data) => heard.push(String(data)));
    await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: asked }));
    const expected = (await ordinary.take(all)).map((event) => event.replace('event: next\ndata: ', ''));
    await until(() => heard.length > all);
    expect(heard.slice(1, all + 1)).toEqual(
      expected.map((payload) => `{"id":"1","type":"next","payload":${payload}}`),
    );
    ordinary.close();
    socket.terminate();
  });
});
