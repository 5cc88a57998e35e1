import { describe, expect, it } from 'vitest';
import { makeNews, send, sendThrough, textToTag } from '../kit/actions.ts';
import { calls } from '../kit/calls.ts';
import { untilStatus } from '../kit/campaigns.ts';
import { SENDALL } from '../kit/endpoints.ts';
import { oneWorld } from '../kit/one-world.ts';
import { createWorld, HURRIED, type World } from '../kit/world.ts';

const GET = '/cgi-bin/message/mass/get';

const FIELDS = `__typename
  ... on MessageStatus { msgId status rawStatus campaign { id status } }
  ... on WechatError { errcode errmsg retryable }
  ... on InvalidInputError { issues { path } }`;

const messageStatus = async (world: World, msgId: string): Promise<any> =>
  (await world.query<any>(`query ($msgId: ID!) { messageStatus(msgId: $msgId) { ${FIELDS} } }`, { msgId }))
    .messageStatus;

const says = (msg_status: string) => ({ body: JSON.stringify({ msg_id: 201053012, msg_status }) });

describe("WeChat's word for a send that was not made here", () => {
  it.each([
    ['SEND_SUCCESS', 'SENT'],
    ['SENDING', 'SENDING'],
    ['SEND_FAIL', 'FAILED'],
    ['DELETE', 'DELETED'],
    ['SOMETHING_NEW', 'UNKNOWN'],
  ])('%s is %s', async (rawStatus, status) => {
    await using world = await createWorld();
    world.sandbox.script(GET, says(rawStatus));
    const msgId = '201053012';
    expect(await messageStatus(world, msgId)).toEqual({
      __typename: 'MessageStatus',
      msgId,
      status,
      rawStatus,
      campaign: null,
    });
  });

  it('is UNKNOWN where it answers {}', async () => {
    await using world = await createWorld();
    const msgId = '90261533849829378';
    expect(await messageStatus(world, msgId)).toEqual({
      __typename: 'MessageStatus',
      msgId,
      status: 'UNKNOWN',
      rawStatus: null,
      campaign: null,
    });
    expect(calls(world, GET)[0]?.body).toBe(`{"msg_id":"${msgId}"}`);
  });
});

describe('what WeChat says is taken down for a send that was made here', () => {
  it.each([
    ['SEND_SUCCESS', 'SENT'],
    ['SENDING', 'SENDING'],
    ['SEND_FAIL', 'FAILED'],
    ['DELETE', 'DELETED'],
    ['SOMETHING_NEW', 'SENDING'],
  ])('%s makes it %s', async (rawStatus, campaignStatus) => {
    await using world = await createWorld();
    const { campaign } = await send(world, textToTag('one'));
    world.sandbox.script(GET, says(rawStatus));
    const answer = await messageStatus(world, campaign.msgId);
    expect(answer).toMatchObject({ rawStatus, campaign: { id: campaign.id, status: campaignStatus } });
  });

  it('and moves nothing back', async () => {
    await using world = await createWorld();
    const { msgId } = await sendThrough(world, textToTag('one'));
    world.sandbox.script(GET, says('SENDING'), says('SEND_FAIL'), { body: '{}' });
    for (const status of ['SENDING', 'FAILED', 'UNKNOWN']) {
      expect(await messageStatus(world, msgId)).toMatchObject({ status, campaign: { status: 'SENT' } });
    }
  });
});

describe('40059', () => {
  const unknown = { errcode: 40059 };

  it('is passed on for what was not sent here', async () => {
    await using world = await createWorld();
    world.sandbox.script(GET, unknown);
    expect(await messageStatus(world, '201053012')).toMatchObject({
      __typename: 'WechatError',
      errcode: 40059,
      retryable: false,
    });
  });

  it('only means "not visible yet" within a minute of sending here', async () => {
    await using world = await createWorld();
    world.sandbox.scriptPush({ lost: true });
    const { campaign } = await send(world, textToTag('one'));
    world.sandbox.script(GET, unknown);
    await world.clock.advance(59_999);
    expect(await messageStatus(world, campaign.msgId)).toEqual({
      __typename: 'MessageStatus',
      msgId: campaign.msgId,
      status: 'SENDING',
      rawStatus: null,
      campaign: { id: campaign.id, status: 'SENDING' },
    });
    world.sandbox.script(GET, unknown);
    await world.clock.advance(1);
    world.sandbox.script(GET, unknown);
    expect(await messageStatus(world, campaign.msgId)).toMatchObject({
      __typename: 'WechatError',
      errcode: 40059,
    });
  });
});

it('counts that minute from the repetition that WeChat accepted', async () => {
  await using world = await createWorld();
  world.sandbox.scriptPush({ lost: true });
  world.sandbox.script(SENDALL, { drop: 'before' });
  const { campaign } = await send(world, textToTag('one'));
  await world.clock.waitForTimer(60_000);
  await world.clock.advance(60_000);
  const { msgId } = await untilStatus(world, campaign.id, 'SENDING');
  await world.clock.advance(30_000);
  world.sandbox.script(GET, { errcode: 40059 });
  expect(await messageStatus(world, msgId)).toMatchObject({ status: 'SENDING', rawStatus: null });
});

it('tells the campaign as it is after the answer, also where another field has read it before', async () => {
  await using world = await createWorld();
  world.sandbox.scriptPush({ lost: true });
  const { campaign } = await send(world, textToTag('one'));
  world.sandbox.script(GET, { body: JSON.stringify({ msg_id: 1, msg_status: 'SEND_FAIL' }) });
  const query = `query ($msgId: ID!, $id: ID!) {
    campaign(id: $id) { status }
    messageStatus(msgId: $msgId) { ... on MessageStatus { status campaign { status } } }
  }`;
  const answer = await world.query<any>(query, { msgId: campaign.msgId, id: campaign.id });
  expect(answer.messageStatus).toEqual({ status: 'FAILED', campaign: { status: 'FAILED' } });
});

it('asks WeChat once a request for each id, however often it stands there', async () => {
  await using world = await createWorld();
  const query = `{
    a: messageStatus(msgId: "1") { ${FIELDS} }
    b: messageStatus(msgId: "1", account: "${world.appId}") { ${FIELDS} }
    c: messageStatus(msgId: "2") { ${FIELDS} }
    ... { d: messageStatus(msgId: "1") { __typename } }
  }`;
  world.sandbox.script(GET, { errcode: 40059 }, { errcode: 40059 });
  const answers = await world.query<any>(query);
  expect(Object.values(answers).map(({ __typename }: any) => __typename)).toEqual(
    Array(4).fill('WechatError'),
  );
  expect(
    calls(world, GET)
      .map(({ body }) => JSON.parse(body).msg_id)
      .sort(),
  ).toEqual(['1', '2']);
  await messageStatus(world, '1');
  expect(calls(world, GET)).toHaveLength(3);
});

const untouched = oneWorld();

it.each(['', 'abc', '-1', '1.5', '1e9', '0', '١', '1\0', ' 1'])('refuses %j as an id', async (msgId) => {
  const world = untouched();
  expect(await messageStatus(world, msgId)).toEqual({
    __typename: 'InvalidInputError',
    issues: [{ path: ['msgId'] }],
  });
  expect(calls(world)).toEqual([]);
});

it.each([[{ hang: 'before' }], [{ drop: 'after' }], [{ html: 502 }], [{ body: 'x' }]] as const)(
  'tells of silence as -1, worth another try: %j',
  async (fault) => {
    await using world = await createWorld({ env: HURRIED });
    world.sandbox.script(GET, fault);
    expect(await messageStatus(world, '1')).toMatchObject({ errcode: -1, retryable: true });
  },
);

it('finds the campaign of an id, and none for others', async () => {
  await using world = await createWorld();
  const message = { mpnews: { mediaId: await makeNews(world, 1) } };
  const { id, msgId } = await sendThrough(world, { ...textToTag('one'), message });
  const query = 'query ($msgId: ID!) { campaignByMsgId(msgId: $msgId) { id } }';
  expect(await world.query(query, { msgId })).toEqual({ campaignByMsgId: { id } });
  expect(await world.query(query, { msgId: '1' })).toEqual({ campaignByMsgId: null });
  expect(await world.query(query, { msgId: 'x' })).toEqual({ campaignByMsgId: null });
});
