import { readFileSync } from 'node:fs';
import { ApolloClient, ApolloLink, gql, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { relayStylePagination } from '@apollo/client/utilities';
import UploadHttpLink from 'apollo-upload-client/UploadHttpLink.mjs';
import { buildSchema, isAbstractType, OperationTypeNode } from 'graphql';
import { expect, it } from 'vitest';
import { PUSHED_WITHIN_MS, send, sendThrough, textToTag } from '../kit/actions.ts';
import { EVENTS, firstEvents } from '../kit/event-reading.ts';
import { seedCampaigns } from '../kit/seed.ts';
import { until } from '../kit/until.ts';
import { createWorld } from '../kit/world.ts';
import { files } from '../sandbox/files.ts';
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

const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));
const possibleTypes = Object.fromEntries(
  Object.values(schema.getTypeMap())
    .filter(isAbstractType)
    .map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)]),
);

function connectTo(line: Line) {
  const webSocket = webSocketClient(line);
  const resuming = {
    ...webSocket,
    subscribe: (request: any, sink: any) => subscribeOn(webSocket, request, sink),
  };
  const http = new UploadHttpLink({
    uri: line.graphql,
    headers: { ...credentials, 'GraphQL-Require-Preflight': '1' },
  });
  const client = new ApolloClient({
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(resuming),
      http,
    ),
    cache: new InMemoryCache({
      possibleTypes,
      typePolicies: { Query: { fields: { campaigns: relayStylePagination(['filter']) } } },
    }),
  });
  return {
    client,
    async [Symbol.asyncDispose]() {
      client.stop();
      await webSocket.dispose();
    },
  };
}

const CAMPAIGNS = gql`
  query ($first: Int!, $after: String, $filter: CampaignFilter) {
    campaigns(first: $first, after: $after, filter: $filter) {
      edges { cursor node { id status } }
      pageInfo { hasNextPage endCursor }
    }
  }
`;

const UPLOAD_THUMB = gql`
  mutation ($file: File!) {
    uploadMedia(type: THUMB, file: $file) {
      ... on UploadedMedia { mediaId }
      ... on Error { message }
    }
  }
`;

const UPLOAD_IMAGE = gql`
  mutation ($file: File!) {
    uploadImage(file: $file) {
      ... on UploadedImage { url }
      ... on InvalidInputError { issues { path message } }
      ... on Error { message }
    }
  }
`;

const UPLOAD_NEWS = gql`
  mutation ($articles: [ArticleInput!]!) {
    uploadNews(articles: $articles) {
      ... on UploadedMedia { mediaId }
      ... on Error { message }
    }
  }
`;

const SEND = gql`
  mutation ($input: MassSendInput!) {
    massSend(input: $input) {
      ... on MassSendSuccess { campaign { id status msgId } }
      ... on Error { message }
      ... on InvalidInputError { issues { path message } }
      ... on QuotaExceededError { quota { kind limit used } }
      ... on IdempotencyConflictError { campaign { id status } }
    }
  }
`;

const MESSAGE_STATUS = gql`
  query ($msgId: ID!) {
    messageStatus(msgId: $msgId) {
      ... on MessageStatus { status rawStatus campaign { id status } }
      ... on Error { message }
    }
  }
`;

const cached = (client: ApolloClient): Record<string, any> => client.cache.extract() as object;

const file = (bytes: Buffer, name: string) => new File([Uint8Array.from(bytes)], name);

it('@apollo/client puts page two behind page one in its cache, under the cursors of the connection', async () => {
  await using world = await createWorld(patient);
  await using line = await createLine(world);
  await using apollo = connectTo(line);
  const seeded = await seedCampaigns(world, [{}, {}, { status: 'FAILED' }, {}, {}]);
  const newest = seeded.toReversed();
  const list = apollo.client.watchQuery<any>({ query: CAMPAIGNS, variables: { first: 2 } });
  const shown = () => list.getCurrentResult().data?.campaigns;
  const reading = list.subscribe(() => {});
  await until(() => shown()?.edges !== undefined);
  expect(idsOf(shown().edges.map(({ node }: any) => node))).toEqual(newest.slice(0, 2));
  for (const wanted of [4, 5]) {
    await list.fetchMore({ variables: { after: shown().pageInfo.endCursor } });
    await until(() => shown().edges.length >= wanted);
    expect(idsOf(shown().edges.map(({ node }: any) => node))).toEqual(newest.slice(0, wanted));
  }
  expect(shown().pageInfo.hasNextPage).toBe(false);
  reading.unsubscribe();

  const failed = { first: 2, filter: { statuses: ['FAILED'] } };
  const { data } = await apollo.client.query<any>({ query: CAMPAIGNS, variables: failed });
  expect(data.campaigns.edges.map(({ node }: any) => node)).toMatchObject([
    { id: seeded[2], status: 'FAILED' },
  ]);
});

it('@apollo/client uploads with apollo-upload-client, sends what came of it, and asks what became of that', async () => {
  await using world = await createWorld(patient);
  await using line = await createLine(world);
  await using apollo = connectTo(line);
  const run = async (mutation: any, variables: any) =>
    Object.values<any>((await apollo.client.mutate<any>({ mutation, variables })).data ?? {})[0];

  const refused = await run(UPLOAD_IMAGE, { file: file(Buffer.from('GIF89a'), 'a.jpg') });
  expect(refused).toMatchObject({ __typename: 'InvalidInputError', issues: [{ path: ['file'] }] });
  const { url } = await run(UPLOAD_IMAGE, { file: file(files.png(), '图.png') });
  const { mediaId: thumbMediaId } = await run(UPLOAD_THUMB, { file: file(files.jpg(), 'thumb.jpg') });
  const articles = [{ title: 'Spring', thumbMediaId, content: `<p><img src="${url}"></p>` }];
  const { mediaId } = await run(UPLOAD_NEWS, { articles });
  const sent = await run(SEND, { input: textToTag('news', { message: { mpnews: { mediaId } } }) });
  expect(sent).toMatchObject({ __typename: 'MassSendSuccess', campaign: { status: 'SENDING' } });

  const { id, msgId } = sent.campaign;
  const statusOf = async () =>
    (
      await apollo.client.query<any>({
        query: MESSAGE_STATUS,
        variables: { msgId },
        fetchPolicy: 'network-only',
      })
    ).data.messageStatus;
  expect(await statusOf()).toMatchObject({ status: 'SENDING', campaign: { id } });
  await world.clock.advance(PUSHED_WITHIN_MS);
  expect(await statusOf()).toMatchObject({ __typename: 'MessageStatus', status: 'SENT', campaign: { id } });
});

it('@apollo/client tells every refusal of a send by its kind', async () => {
  await using world = await createWorld({ ...patient, account: { type: 'subscription' } });
  await using line = await createLine(world);
  await using apollo = connectTo(line);
  const run = async (input: object) =>
    (await apollo.client.mutate<any>({ mutation: SEND, variables: { input } })).data.massSend;
  const { campaign } = await run(textToTag('one'));
  expect(await run(textToTag('one', { label: 'another' }))).toMatchObject({
    __typename: 'IdempotencyConflictError',
    message: expect.any(String),
    campaign: { id: campaign.id },
  });
  expect(await run(textToTag('two', { message: { text: { content: '' } } }))).toMatchObject({
    __typename: 'InvalidInputError',
    message: expect.any(String),
    issues: [{ path: ['message', 'text', 'content'] }],
  });
  expect(await run(textToTag('two'))).toMatchObject({
    __typename: 'QuotaExceededError',
    message: expect.any(String),
    quota: { kind: 'SEND_CALLS_PER_DAY', limit: 1, used: 1 },
  });
});

it('@apollo/client is told every event once over its split link, and its cache is as new as the last', async () => {
  await using world = await createWorld(patient);
  await using line = await createLine(world);
  await using apollo = connectTo(line);
  const { events, next } = listen();
  const subscription = apollo.client
    .subscribe<any>({ query: gql(EVENTS), variables: { after: '0' } })
    .subscribe(next);
  const { id } = await sendThrough(world, textToTag('one'));
  await until(() => events.length === 5);
  await line.cutWhile(() => send(world, textToTag('two')));
  await until(() => events.length === 8);
  await line.holdWhile(() => world.restart());
  await send(world, textToTag('three'));
  await until(() => events.length === 11);
  subscription.unsubscribe();
  expect(idsOf(events)).toEqual(idsOf(await firstEvents(world, 11)));
  expect(cached(apollo.client)[`Campaign:${id}`]).toMatchObject({ status: 'SENT' });
});
