import { createClient as createSseClient } from 'graphql-sse';
import { describe, expect, it } from 'vitest';
import { send, textToTag } from '../kit/actions.ts';
import { EVENTS, firstEvents } from '../kit/event-reading.ts';
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

const sseClient = (line: Line) =>
  createSseClient({ url: line.graphql, headers: credentials, retry: async () => {} });

const clients = [
  ['graphql-ws', webSocketClient],
  ['graphql-sse', sseClient],
] as const;

describe.each(clients)('%s', (_, connectTo) => {
  it('is told every event once, though its line breaks and the gateway starts anew', async () => {
    await using world = await createWorld(patient);
    await using line = await createLine(world);
    const client = connectTo(line);
    const heard = listen();
    const stop = subscribeOn(client, { query: EVENTS, variables: { after: '0' } }, heard);
    await send(world, textToTag('one'));
    await until(() => heard.events.length === 3);
    await line.cutWhile(() => send(world, textToTag('two')));
    await until(() => heard.events.length === 6);
    await line.cutWhile(async () => {
      await send(world, textToTag('three'));
      await world.restart();
    });
    await until(() => heard.events.length === 9);
    await send(world, textToTag('four'));
    await until(() => heard.events.length === 12);
    stop();
    await heard.end;
    expect(idsOf(heard.events)).toEqual(idsOf(await firstEvents(world, 12)));
    await client.dispose();
  });

  it('goes on by itself where the gateway is stopped in good order', async () => {
    await using world = await createWorld(patient);
    await using line = await createLine(world);
    const client = connectTo(line);
    const heard = listen();
    subscribeOn(client, { query: EVENTS, variables: { after: '0' } }, heard);
    await send(world, textToTag('one'));
    await until(() => heard.events.length === 3);
    await line.holdWhile(() => world.restart());
    await send(world, textToTag('two'));
    await until(() => heard.events.length === 6);
    expect(idsOf(heard.events)).toEqual(idsOf(await firstEvents(world, 6)));
    await client.dispose();
  });

  it('repeats a request as it was: with a cursor that stays, what was told is told again', async () => {
    await using world = await createWorld(patient);
    await using line = await createLine(world);
    const client = connectTo(line);
    const heard = listen();
    client.subscribe({ query: EVENTS, variables: { after: '0' } }, heard as any);
    await send(world, textToTag('one'));
    await until(() => heard.events.length === 3);
    await line.cutWhile(async () => {});
    await until(() => heard.events.length === 6);
    expect(idsOf(heard.events.slice(3))).toEqual(idsOf(heard.events.slice(0, 3)));
    await client.dispose();
  });

  it('sends, and reads as what kind of outcome it is refused', async () => {
    await using world = await createWorld(patient);
    await using line = await createLine(world);
    const client = connectTo(line);
    const query = `mutation ($input: MassSendInput!) { massSend(input: $input) {
      __typename
      ... on MassSendSuccess { campaign { id } }
      ... on IdempotencyConflictError { campaign { id } }
      ... on InvalidInputError { issues { path } }
    } }`;
    const run = async (input: Record<string, unknown>): Promise<any> =>
      (await client.iterate({ query, variables: { input } }).next()).value;
    const sent = await run(textToTag('one'));
    expect(await run(textToTag('one', { label: 'another' }))).toEqual({
      data: { massSend: { ...sent.data.massSend, __typename: 'IdempotencyConflictError' } },
    });
    expect(await run(textToTag('two', { message: { text: { content: '' } } }))).toEqual({
      data: {
        massSend: { __typename: 'InvalidInputError', issues: [{ path: ['message', 'text', 'content'] }] },
      },
    });
    await client.dispose();
  });
});
