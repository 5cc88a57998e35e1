import { describe, expect, it } from 'vitest';
import { send, textToTag } from '../kit/actions.ts';
import { listCampaigns } from '../kit/campaigns.ts';
import { nextRequest, requestsTo, SENDALL } from '../kit/endpoints.ts';
import { createWorld } from '../kit/world.ts';

it('makes one send of a thousand equal calls at once', async () => {
  await using world = await createWorld();
  const answers = await Promise.all(
    Array.from({ length: 1_000 }, () => send(world, textToTag('the same', { label: 'x' }))),
  );
  expect(new Set(answers.map(({ campaign }) => campaign.id)).size).toBe(1);
  expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
  expect(new Set(answers.map(({ campaign }) => campaign.status))).toEqual(new Set(['SENDING']));
  expect(requestsTo(world, SENDALL)).toHaveLength(1);
  expect(world.sandbox.sends(world.appId)).toHaveLength(1);
});

it('answers the same campaign for the same key, later and after a restart too', async () => {
  await using world = await createWorld();
  const first = await send(world, textToTag('key'));
  await world.restart();
  await world.clock.advance(40 * 24 * 3_600_000);
  const again = await send(world, textToTag('key'));
  expect(again).toMatchObject({ replayed: true, campaign: { id: first.campaign.id } });
  expect(requestsTo(world, SENDALL)).toHaveLength(1);
});

it('takes input for the same whatever the order of its fields, and null for left out', async () => {
  await using world = await createWorld();
  const { campaign } = await send(world, {
    idempotencyKey: 'key',
    audience: { tagId: 2 },
    message: { mpvideo: { mediaId: 'video', title: 'T' } },
  });
  const again = await send(world, {
    sendBefore: null,
    label: null,
    sendIgnoreReprint: false,
    account: world.appId,
    message: { mpvideo: { description: null, title: 'T', mediaId: 'video' } },
    audience: { tagId: 2 },
    idempotencyKey: 'key',
  });
  // The sandbox knows no such video; what counts is that it was asked once.
  expect(campaign).toBeUndefined();
  expect(again).toMatchObject({ __typename: 'WechatError', errcode: 40007 });
  expect(requestsTo(world, SENDALL)).toHaveLength(1);
});

describe('the same key with another input', () => {
  const later = '2026-06-02T02:00:00.000Z';
  it.each<[string, object]>([
    ['audience', { audience: { tagId: 101 } }],
    ['kind of audience', { audience: { all: { confirm: true } } }],
    ['message', { message: { text: { content: 'hello ' } } }],
    ['clientMsgId', { clientMsgId: 'another' }],
    ['sendIgnoreReprint', { sendIgnoreReprint: true }],
    ['label', { label: 'another' }],
    ['scheduledAt', { scheduledAt: later }],
    ['sendBefore', { sendBefore: later }],
  ])('is refused with the campaign the key belongs to: %s', async (_, change) => {
    await using world = await createWorld();
    const { campaign } = await send(world, textToTag('key'));
    const query = `mutation ($input: MassSendInput!) { massSend(input: $input) {
      __typename ... on IdempotencyConflictError { message campaign { id status } } } }`;
    const { massSend } = await world.query<any>(query, { input: textToTag('key', change) });
    expect(massSend).toEqual({
      __typename: 'IdempotencyConflictError',
      message: expect.stringContaining('idempotencyKey'),
      campaign: { id: campaign.id, status: 'SENDING' },
    });
    expect(requestsTo(world, SENDALL)).toHaveLength(1);
    expect(await listCampaigns(world)).toHaveLength(1);
  });
});

it('lets one of two different inputs win that come under one key at once', async () => {
  await using world = await createWorld();
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => send(world, textToTag('key', { label: `label ${index % 2}` }))),
  );
  const kinds = answers.map(({ __typename }) => __typename).sort();
  expect(kinds).toEqual([
    ...Array(10).fill('IdempotencyConflictError'),
    ...Array(10).fill('MassSendSuccess'),
  ]);
  expect(requestsTo(world, SENDALL)).toHaveLength(1);
});

it('answers a repetition that comes while the call is under way with the outcome of that call', async () => {
  await using world = await createWorld({ env: { WECHAT_TIMEOUT_MS: '20000' } });
  const gate = Promise.withResolvers<void>();
  world.sandbox.script(SENDALL, { gate: gate.promise, when: 'before' });
  const called = nextRequest(world, SENDALL);
  const answers = [send(world, textToTag('key'))];
  await called;
  answers.push(send(world, textToTag('key')));
  gate.resolve();
  const [first, again] = await Promise.all(answers);
  expect(again).toEqual({ ...first, replayed: true });
  expect(again.campaign.status).toBe('SENDING');
});

it('refuses a clientMsgId that another campaign has', async () => {
  await using world = await createWorld();
  const { campaign } = await send(world, textToTag('first', { clientMsgId: 'mine' }));
  expect(await send(world, textToTag('second', { clientMsgId: 'mine' }))).toMatchObject({
    __typename: 'InvalidInputError',
    issues: [{ path: ['clientMsgId'], message: expect.stringContaining(campaign.id) }],
  });
  expect(await listCampaigns(world)).toHaveLength(1);
});

it('lets one of several campaigns have a clientMsgId that all ask for at once', async () => {
  await using world = await createWorld();
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) => send(world, textToTag(`key ${index}`, { clientMsgId: 'mine' }))),
  );
  const kinds = answers.map(({ __typename }) => __typename).sort();
  expect(kinds).toEqual([...Array(9).fill('InvalidInputError'), 'MassSendSuccess']);
  expect(requestsTo(world, SENDALL)).toHaveLength(1);
});

it('keeps keys and clientMsgIds of different accounts apart', async () => {
  const other = { appId: 'wx2222222222222222', appSecret: 'another secret', type: 'service' } as const;
  await using world = await createWorld({ others: [other] });
  for (const account of [world.appId, other.appId]) {
    expect(await send(world, textToTag('key', { account, clientMsgId: 'mine' }))).toMatchObject({
      replayed: false,
      campaign: { status: 'SENDING' },
    });
  }
});
