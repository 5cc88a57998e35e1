import { Client, cacheExchange, fetchExchange, gql, subscriptionExchange } from '@urql/core';
import { expect, it } from 'vitest';
import { send, textToTag } from '../kit/actions.ts';
import { requestsTo, SENDALL } from '../kit/endpoints.ts';
import { EVENTS, firstEvents } from '../kit/event-reading.ts';
import { seedCampaigns } from '../kit/seed.ts';
import { until } from '../kit/until.ts';
import { createWorld } from '../kit/world.ts';
import {
  createLine,
  credentials,
  idsOf,
  type Line,
  listen,
  patient,
  subscribeOn,
  webSocketClient,
} from './kit.ts';

function connectTo(line: Line, overWhat: 'SSE' | 'WebSocket' = 'WebSocket') {
  const webSocket = webSocketClient(line);
  let requests = 0;
  const overWebSocket = subscriptionExchange({
    forwardSubscription: ({ query = '', variables }) => ({
      subscribe: (sink) => ({
        unsubscribe: subscribeOn(webSocket, { query, variables }, sink),
      }),
    }),
  });
  const client = new Client({
    url: line.graphql,
    fetchOptions: { headers: credentials },
    fetch: (...request) => {
      requests++;
      return fetch(...request);
    },
    fetchSubscriptions: overWhat === 'SSE',
    exchanges: [cacheExchange, ...(overWhat === 'SSE' ? [] : [overWebSocket]), fetchExchange],
  });
  return {
    client,
    requests: () => requests,
    [Symbol.asyncDispose]: async () => void (await webSocket.dispose()),
  };
}

const CAMPAIGNS = gql`
  query ($after: String) {
    campaigns(first: 2, after: $after) {
      nodes { id }
      pageInfo { hasNextPage endCursor }
    }
  }
`;

const SEND = gql`
  mutation ($input: MassSendInput!) {
    massSend(input: $input) {
      ... on MassSendSuccess { replayed campaign { id } }
      ... on Error { message }
      ... on InvalidInputError { issues { path message } }
      ... on QuotaExceededError { quota { kind limit used } }
      ... on IdempotencyConflictError { campaign { id } }
    }
  }
`;

it('@urql/core reads page after page, keeps them, and reads the list again once something was sent', async () => {
  await using world = await createWorld(patient);
  await using line = await createLine(world);
  await using urql = connectTo(line);
  const seeded = await seedCampaigns(world, [{}, {}, {}]);
  const read = async (after?: string) => {
    const { data, error } = await urql.client.query(CAMPAIGNS, { after });
    expect(error).toBeUndefined();
    return { ids: idsOf(data.campaigns.nodes), ...data.campaigns.pageInfo };
  };
  const first = await read();
  expect(first).toMatchObject({ ids: [seeded[2], seeded[1]], hasNextPage: true });
  expect(await read(first.endCursor)).toMatchObject({ ids: [seeded[0]], hasNextPage: false });
  expect(await read()).toEqual(first);
  expect(urql.requests()).toBe(2);

  const sent = await urql.client.mutation(SEND, { input: textToTag('one') });
  const { campaign } = sent.data.massSend;
  const after = await read();
  expect(after.ids).toEqual([campaign.id, seeded[2]]);
  expect((await read(after.endCursor)).ids).toEqual([seeded[1], seeded[0]]);
});

it('@urql/core tells every refusal of a send by its kind', async () => {
  await using world = await createWorld({ ...patient, account: { type: 'subscription' } });
  await using line = await createLine(world);
  await using urql = connectTo(line);
  const run = async (input: object) => {
    const { data, error } = await urql.client.mutation(SEND, { input });
    expect(error).toBeUndefined();
    return data.massSend;
  };
  const { campaign } = await run(textToTag('one'));
  expect(await run(textToTag('one'))).toMatchObject({ __typename: 'MassSendSuccess', replayed: true });
  expect(await run(textToTag('one', { label: 'another' }))).toMatchObject({
    __typename: 'IdempotencyConflictError',
    message: expect.stringContaining('idempotencyKey'),
    campaign: { id: campaign.id },
  });
  expect(await run(textToTag('two', { message: { text: { content: ' ' } } }))).toMatchObject({
    __typename: 'InvalidInputError',
    issues: [{ path: ['message', 'text', 'content'] }],
  });
  expect(await run(textToTag('two'))).toMatchObject({
    __typename: 'QuotaExceededError',
    quota: { kind: 'SEND_CALLS_PER_DAY', limit: 1, used: 1 },
  });
  expect(requestsTo(world, SENDALL)).toHaveLength(1);
});

it('@urql/core subscribes over graphql-ws, and is told every event once across a broken line and a restart', async () => {
  await using world = await createWorld(patient);
  await using line = await createLine(world);
  await using urql = connectTo(line);
  const { events, next } = listen();
  const { unsubscribe } = urql.client.subscription(EVENTS, { after: '0' }).subscribe(next);
  await send(world, textToTag('one'));
  await until(() => events.length === 3);
  await line.cutWhile(() => send(world, textToTag('two')));
  await until(() => events.length === 6);
  await line.holdWhile(() => world.restart());
  await send(world, textToTag('three'));
  await until(() => events.length === 9);
  unsubscribe();
  expect(idsOf(events)).toEqual(idsOf(await firstEvents(world, 9)));
});

it('@urql/core subscribes over SSE without more, and says where the stream broke off, to be asked for the rest', async () => {
  await using world = await createWorld(patient);
  await using line = await createLine(world);
  await using urql = connectTo(line, 'SSE');
  const { events, next, error, end } = listen();
  const follow = () =>
    urql.client.subscription(EVENTS, { after: events.at(-1)?.id ?? '0' }).subscribe((result) => {
      if (result.error) error(result.error);
      else next(result);
    });
  follow();
  await send(world, textToTag('one'));
  await until(() => events.length === 3);
  await line.holdWhile(() => world.restart());
  expect(await end).toMatchObject({ networkError: expect.any(Error) });
  await send(world, textToTag('two'));
  const { unsubscribe } = follow();
  await until(() => events.length === 6);
  unsubscribe();
  expect(idsOf(events)).toEqual(idsOf(await firstEvents(world, 6)));
});
