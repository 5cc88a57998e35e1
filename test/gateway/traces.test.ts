import { expect, it } from 'vitest';
import { send, textToTag } from '../kit/actions.ts';
import { untilCampaign } from '../kit/campaigns.ts';
import { type CollectedSpan, createCollector } from '../kit/collector.ts';
import { SENDALL } from '../kit/endpoints.ts';
import { postPush, resultXml, signed } from '../kit/pushes.ts';
import { createWorld, type World } from '../kit/world.ts';

const SEND = `mutation ($input: MassSendInput!) {
  massSend(input: $input) { ... on MassSendSuccess { campaign { id msgId status } } ... on Error { message } }
}`;
const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

const traced = async () => {
  const collector = await createCollector();
  const world = await createWorld({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } });
  return {
    world,
    collector,
    /** Ends the gateway, which hands over what it has, and gives it. */
    async spans(): Promise<CollectedSpan[]> {
      await world.restart({ otlpEndpoint: null });
      return collector.spans();
    },
    async [Symbol.asyncDispose]() {
      await world[Symbol.asyncDispose]();
      await collector[Symbol.asyncDispose]();
    },
  };
};

const sendUnder = async (world: World, traceparent: string): Promise<any> =>
  (await world.post({ query: SEND, variables: { input: textToTag('one') } }, { traceparent })).body.data
    .massSend.campaign;

it("tells a send's life as one trace, under that of whoever asked for it", async () => {
  await using gateway = await traced();
  const { world, collector } = gateway;
  world.sandbox.script(SENDALL, { drop: 'before' });
  const campaign = await sendUnder(world, PARENT);
  await world.clock.advance(61_000);
  await untilCampaign(world, campaign.id, ({ msgId }) => msgId !== null);
  const { campaign: sent } = await world.query<any>('query ($id: ID!) { campaign(id: $id) { msgId } }', {
    id: campaign.id,
  });
  await postPush(world, signed(world, resultXml({ msgId: sent.msgId })));
  const spans = await gateway.spans();
  expect(new Set(collector.paths)).toEqual(new Set(['POST /v1/traces']));

  const ofTrace = spans.filter(({ traceId }) => traceId === '0af7651916cd43dd8448eb211c80319c');
  const named = (name: string) => ofTrace.filter((span) => span.name === name);
  const [mutation] = named('graphql mutation');
  expect(mutation).toMatchObject({
    parentSpanId: 'b7ad6b7169203331',
    attributes: {
      'qunfa.transport': 'http',
      'graphql.operation.type': 'mutation',
      'qunfa.outcome': 'ok',
    },
  });
  const [takenIn] = named('send taken in');
  expect(takenIn).toMatchObject({
    parentSpanId: mutation?.spanId,
    attributes: { 'qunfa.campaign_id': campaign.id },
  });
  const attempts = named('send attempt');
  expect(attempts.map(({ attributes }) => attributes['qunfa.outcome'])).toEqual(['unknown', 'accepted']);
  expect(attempts.map(({ parentSpanId }) => parentSpanId)).toEqual([takenIn?.spanId, takenIn?.spanId]);
  expect(named('wechat sendToFilter').map(({ parentSpanId }) => parentSpanId)).toEqual(
    attempts.map(({ spanId }) => spanId),
  );
  expect(named('callback').map(({ attributes }) => attributes['qunfa.campaign_id'])).toContain(campaign.id);
});

it('says nothing of what was written: no documents, no names of operations, no OpenIDs, no token', async () => {
  await using gateway = await traced();
  const { world, collector } = gateway;
  await world.post({ query: 'query HostileName { accounts { appId } }', operationName: 'HostileName' });
  await send(
    world,
    textToTag('key-of-mine', { audience: { openIds: ['oSandbox_00001', 'oSandbox_00002'] } }),
  );
  await world.post({ query: '{ nothing }' });
  await gateway.spans();
  const told = collector.bodies.join('\n');
  expect(told).toContain('wechat sendToOpenIds');
  for (const secret of [
    'HostileName',
    'nothing',
    'oSandbox',
    'hello',
    'key-of-mine',
    'access_token',
    'http://',
  ])
    expect(told, secret).not.toContain(secret);
  for (const { query } of world.sandbox.requests)
    if (query.access_token) expect(told).not.toContain(query.access_token);
});

it.each([
  'nonsense',
  '00-00000000000000000000000000000000-b7ad6b7169203331-01',
  'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more',
])('begins a trace of its own for the traceparent %s', async (traceparent) => {
  await using gateway = await traced();
  await gateway.world.post({ query: '{ accounts { appId } }' }, { traceparent });
  const [span] = await gateway.spans();
  expect(span?.name).toBe('graphql query');
  expect(span?.parentSpanId).toBeUndefined();
});

it('traces nothing where whoever asks has decided not to', async () => {
  await using gateway = await traced();
  const traceparent = PARENT.replace(/01$/, '00');
  await gateway.world.post({ query: '{ accounts { appId } }' }, { traceparent });
  expect(await gateway.spans()).toEqual([]);
});

it('goes on where nobody takes the traces, and logs that without the address', async () => {
  await using world = await createWorld({
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://user:hush-hush@127.0.0.1:1' },
  });
  expect((await send(world, textToTag('one'))).campaign.status).toBe('SENDING');
  await world.restart({ otlpEndpoint: null });
  expect(JSON.stringify(world.log)).not.toContain('hush-hush');
});
