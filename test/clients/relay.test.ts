import {
  ConnectionHandler,
  commitMutation,
  Environment,
  fetchQuery,
  getPaginationMetadata,
  getPaginationVariables,
  getSelector,
  Network,
  Observable,
  RecordSource,
  ROOT_ID,
  requestSubscription,
  Store,
} from 'relay-runtime';
import { beforeAll, expect, it } from 'vitest';
import { PUSHED_WITHIN_MS, send, textToTag } from '../kit/actions.ts';
import { firstEvents } from '../kit/event-reading.ts';
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
import { compileForRelay } from './relay-compiled.ts';

let compiled: (name: string) => any;
beforeAll(async () => {
  compiled = await compileForRelay(
    'board',
    `
query boardQuery($first: Int!) {
  ...board_campaigns @arguments(first: $first)
}
fragment board_campaigns on Query
@refetchable(queryName: "boardMoreQuery")
@argumentDefinitions(first: { type: "Int", defaultValue: 2 }, after: { type: "String" }) {
  campaigns(first: $first, after: $after) @connection(key: "board_campaigns") {
    edges { node { id label status } }
    pageInfo { hasNextPage endCursor }
  }
}
mutation boardSendMutation($input: MassSendInput!, $connections: [ID!]!) {
  massSend(input: $input) {
    __typename
    ... on MassSendSuccess {
      campaign @prependNode(connections: $connections, edgeTypeName: "CampaignEdge") { id label status }
    }
    ... on Error { message }
    ... on InvalidInputError { issues { path message } }
    ... on QuotaExceededError { quota { kind limit used } }
    ... on IdempotencyConflictError { campaign { id label } }
  }
}
subscription boardEventsSubscription($after: ID) {
  events(after: $after) {
    id
    campaign { id status }
    ... on SendJobChanged { job { id status } }
    ... on MassSendJobFinished { counts { total sent } }
  }
}
query boardCampaignQuery($id: ID!) {
  node(id: $id) { __typename id ... on Campaign { label status jobs { id status } } }
}
query boardTagsQuery {
  account { id tags { tagId: id name followers } }
}
query boardTagIdsQuery {
  account { id tags { id name followers } }
}
`,
  );
});

function connectTo(line: Line) {
  const webSocket = webSocketClient(line);
  const overHttp = async ({ text }: any, variables: any) => {
    const response = await fetch(line.graphql, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...credentials },
      body: JSON.stringify({ query: text, variables }),
    });
    return (await response.json()) as any;
  };
  const overWebSocket = ({ text }: any, variables: any) =>
    Observable.create<any>((sink) => subscribeOn(webSocket, { query: text, variables }, sink));
  const environment = new Environment({
    network: Network.create(overHttp, overWebSocket),
    store: new Store(new RecordSource()),
  });
  const read = (name: string, variables: object): Promise<any> =>
    fetchQuery(environment, compiled(name), variables as any).toPromise() as Promise<any>;
  /** What a component would be given of the pages that were read. */
  const board = (query: any) => {
    const selector: any = getSelector(compiled('board_campaigns'), query);
    return environment.lookup(selector).data as any;
  };
  return {
    environment,
    read,
    board,
    [Symbol.asyncDispose]: async () => void (await webSocket.dispose()),
  };
}

const nodesOf = ({ campaigns }: any) => campaigns.edges.map(({ node }: any) => node);

it('relay-runtime pages through its connection, and a sent campaign goes to its top', async () => {
  await using world = await createWorld(patient);
  await using line = await createLine(world);
  await using relay = connectTo(line);
  const newest = (await seedCampaigns(world, [{}, {}, {}, {}, {}])).toReversed();
  const query = await relay.read('boardQuery', { first: 2 });
  expect(idsOf(nodesOf(relay.board(query)))).toEqual(newest.slice(0, 2));

  const { paginationRequest, paginationMetadata } = getPaginationMetadata(
    compiled('board_campaigns'),
    'the board',
  );
  for (const wanted of [4, 5]) {
    const { pageInfo } = relay.board(query).campaigns;
    expect(pageInfo.hasNextPage).toBe(true);
    const more = getPaginationVariables(
      'forward',
      2,
      pageInfo.endCursor,
      { first: 2 },
      {},
      paginationMetadata,
    );
    await fetchQuery(relay.environment, paginationRequest as any, more).toPromise();
    expect(idsOf(nodesOf(relay.board(query)))).toEqual(newest.slice(0, wanted));
  }
  expect(relay.board(query).campaigns.pageInfo.hasNextPage).toBe(false);

  const connection = ConnectionHandler.getConnectionID(ROOT_ID, 'board_campaigns');
  const sent = await sendBy(relay.environment, textToTag('one', { label: 'Spring' }), [connection]);
  expect(nodesOf(relay.board(query))[0]).toMatchObject({ id: sent.campaign.id, label: 'Spring' });
  expect(nodesOf(relay.board(query))).toHaveLength(6);
});

const sendBy = (environment: Environment, input: object, connections: string[] = []): Promise<any> =>
  new Promise((resolve, reject) =>
    commitMutation<any>(environment, {
      mutation: compiled('boardSendMutation'),
      variables: { input, connections },
      onCompleted: ({ massSend }, errors) => (errors ? reject(errors) : resolve(massSend)),
      onError: reject,
    }),
  );

it('relay-runtime tells every refusal of a send by its kind', async () => {
  await using world = await createWorld({ ...patient, account: { type: 'subscription' } });
  await using line = await createLine(world);
  await using relay = connectTo(line);
  const { campaign } = await sendBy(relay.environment, textToTag('one'));
  expect(await sendBy(relay.environment, textToTag('one', { label: 'another' }))).toMatchObject({
    __typename: 'IdempotencyConflictError',
    campaign: { id: campaign.id, label: null },
  });
  expect(await sendBy(relay.environment, textToTag('two', { audience: { tagId: -1 } }))).toMatchObject({
    __typename: 'InvalidInputError',
    issues: [{ path: ['audience', 'tagId'] }],
  });
  expect(await sendBy(relay.environment, textToTag('two'))).toMatchObject({
    __typename: 'QuotaExceededError',
    quota: { kind: 'SEND_CALLS_PER_DAY', limit: 1, used: 1 },
  });
});

it('relay-runtime is told every event once across a broken line and a restart, and its store follows', async () => {
  await using world = await createWorld(patient);
  await using line = await createLine(world);
  await using relay = connectTo(line);
  const { campaign } = await sendBy(relay.environment, textToTag('one'));
  const { events, next } = listen();
  const subscription = requestSubscription<any>(relay.environment, {
    subscription: compiled('boardEventsSubscription'),
    variables: { after: '0' },
    onNext: (data) => next({ data }),
  });
  await until(() => events.length === 3);
  await line.cutWhile(() => world.clock.advance(PUSHED_WITHIN_MS));
  await until(() => events.length === 5);
  await line.holdWhile(() => world.restart());
  await send(world, textToTag('two'));
  await until(() => events.length === 8);
  subscription.dispose();
  expect(idsOf(events)).toEqual(idsOf(await firstEvents(world, 8)));
  const stored = relay.environment.getStore().getSource();
  expect(stored.get(campaign.id)).toMatchObject({ __typename: 'Campaign', status: 'SENT' });

  const { node } = await relay.read('boardCampaignQuery', { id: campaign.id });
  expect(node).toMatchObject({ __typename: 'Campaign', id: campaign.id, jobs: [{ status: 'SENT' }] });
});

it('relay-runtime reads tags under another name of their id, which is a number and unique in one account only', async () => {
  await using world = await createWorld(patient);
  await using line = await createLine(world);
  await using relay = connectTo(line);
  const { account } = await relay.read('boardTagsQuery', {});
  await expect(relay.read('boardTagIdsQuery', {})).rejects.toThrow('to be strings');
  expect(account.tags).toContainEqual({
    tagId: 100,
    name: expect.any(String),
    followers: expect.any(Number),
  });
});
