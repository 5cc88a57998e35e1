import { describe, expect, it } from 'vitest';
import { PUSHED_WITHIN_MS, preview, send, textToTag } from '../kit/actions.ts';
import { listCampaigns, untilStatus } from '../kit/campaigns.ts';
import { nextRequest, PREVIEW, requestsTo, SENDALL } from '../kit/endpoints.ts';
import { createWorld, type World } from '../kit/world.ts';

const MINUTE = 60_000;
const TOMORROW_IN_BEIJING = '2026-06-01T16:00:00.000Z';
const JULY_IN_BEIJING = '2026-06-30T16:00:00.000Z';

const EXCEEDED = `mutation ($input: MassSendInput!) { massSend(input: $input) {
  __typename ... on QuotaExceededError { message quota { kind limit used remaining resetAt } } } }`;

const toAll = (idempotencyKey: string, more: object = {}) =>
  textToTag(idempotencyKey, { audience: { all: { confirm: true } }, ...more });

const sendOver = async (world: World, input: object) =>
  (await world.query<any>(EXCEEDED, { input })).massSend;

async function quotas(world: World): Promise<Record<string, any>> {
  const { account } = await world.query<any>('{ account { quotas { kind limit used remaining resetAt } } }');
  return Object.fromEntries(account.quotas.map((quota: any) => [quota.kind, quota]));
}

async function advanceTo(world: World, time: string): Promise<void> {
  await world.clock.advance(new Date(time).getTime() - world.clock.now().getTime());
}

it('lets a service account send to all four times in a month of Beijing', async () => {
  await using world = await createWorld();
  for (const key of ['1', '2', '3', '4']) {
    expect(await send(world, toAll(key))).toMatchObject({ campaign: { status: 'SENDING' } });
  }
  const spent = { kind: 'SENDS_TO_ALL', limit: 4, used: 4, remaining: 0, resetAt: JULY_IN_BEIJING };
  expect(await sendOver(world, toAll('5'))).toEqual({
    __typename: 'QuotaExceededError',
    message: expect.stringContaining(JULY_IN_BEIJING),
    quota: spent,
  });
  expect((await quotas(world)).SENDS_TO_ALL).toEqual(spent);
  expect(await listCampaigns(world)).toHaveLength(4);
  // Nothing was stored, so the key is free; and a repetition of what went through is told the same as before.
  expect(await send(world, toAll('4'))).toMatchObject({ replayed: true });
  expect(await send(world, textToTag('a tag'))).toMatchObject({ campaign: { status: 'SENDING' } });
  await advanceTo(world, '2026-06-30T15:59:59.999Z');
  expect(await sendOver(world, toAll('5'))).toMatchObject({ quota: spent });
  await world.clock.advance(1);
  expect(await send(world, toAll('5'))).toMatchObject({ campaign: { status: 'SENDING' } });
  expect((await quotas(world)).SENDS_TO_ALL).toMatchObject({
    used: 1,
    remaining: 3,
    resetAt: '2026-07-31T16:00:00.000Z',
  });
});

it('lets a subscription account send once on a day of Beijing, to all or to a tag', async () => {
  await using world = await createWorld({ account: { type: 'subscription' } });
  expect(await send(world, textToTag('1'))).toMatchObject({ campaign: { status: 'SENDING' } });
  const spent = {
    ...{ kind: 'SEND_CALLS_PER_DAY', limit: 1, used: 1, remaining: 0 },
    resetAt: TOMORROW_IN_BEIJING,
  };
  expect(await sendOver(world, textToTag('2'))).toMatchObject({ quota: spent });
  expect(await sendOver(world, toAll('2'))).toMatchObject({ quota: spent });
  expect((await quotas(world)).SEND_CALLS_PER_DAY).toEqual(spent);
  await advanceTo(world, '2026-06-01T15:59:59.999Z');
  expect(await sendOver(world, toAll('2'))).toMatchObject({ quota: spent });
  await world.clock.advance(1);
  expect(await send(world, toAll('2'))).toMatchObject({ campaign: { status: 'SENDING' } });
  expect((await quotas(world)).SENDS_TO_ALL).toMatchObject({ limit: 1, used: 1 });
});

it('lets no more through than there are, however many ask at once', async () => {
  await using world = await createWorld();
  const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => send(world, toAll(`${index}`))));
  expect(answers.filter(({ __typename }) => __typename === 'MassSendSuccess')).toHaveLength(4);
  expect(answers.filter(({ __typename }) => __typename === 'QuotaExceededError')).toHaveLength(8);
  expect(requestsTo(world, SENDALL)).toHaveLength(4);
});

it('counts nothing for a send that WeChat refused', async () => {
  await using world = await createWorld({ account: { type: 'subscription' } });
  world.sandbox.script(SENDALL, { errcode: 45166 });
  expect(await send(world, toAll('refused'))).toMatchObject({ errcode: 45166 });
  expect(await quotas(world)).toMatchObject({
    SEND_CALLS_PER_DAY: { used: 0, remaining: 1 },
    SENDS_TO_ALL: { used: 0 },
  });
  expect(await send(world, toAll('another'))).toMatchObject({ campaign: { status: 'SENDING' } });
});

it('counts a send once, however often it is repeated, and keeps its place while its outcome is unknown', async () => {
  await using world = await createWorld({ account: { type: 'subscription' } });
  world.sandbox.script(SENDALL, { drop: 'after' }, { errcode: 45066 });
  const { campaign } = await send(world, toAll('unknown'));
  expect((await quotas(world)).SENDS_TO_ALL).toMatchObject({ used: 1, remaining: 0 });
  expect(await sendOver(world, toAll('another'))).toMatchObject({ __typename: 'QuotaExceededError' });
  await world.clock.waitForTimer(MINUTE);
  const pushed = world.sandbox.waitFor('push', ({ accepted }) => accepted);
  await world.clock.advance(PUSHED_WITHIN_MS);
  await pushed;
  for (const pause of [MINUTE - PUSHED_WITHIN_MS, MINUTE]) {
    await world.clock.waitForTimer(pause);
    const repeated = nextRequest(world, SENDALL);
    await world.clock.advance(pause);
    await repeated;
  }
  await untilStatus(world, campaign.id, 'SENT');
  expect(await quotas(world)).toMatchObject({ SEND_CALLS_PER_DAY: { used: 1 }, SENDS_TO_ALL: { used: 1 } });
});

it('counts a scheduled send for the day on which it will leave', async () => {
  await using world = await createWorld({ account: { type: 'subscription' } });
  const scheduledAt = TOMORROW_IN_BEIJING;
  expect(await send(world, toAll('tomorrow', { scheduledAt }))).toMatchObject({
    campaign: { status: 'PENDING' },
  });
  expect((await quotas(world)).SENDS_TO_ALL).toMatchObject({ used: 0 });
  expect(await send(world, toAll('today'))).toMatchObject({ campaign: { status: 'SENDING' } });
  expect(await sendOver(world, toAll('tomorrow too', { scheduledAt }))).toMatchObject({
    quota: { kind: 'SEND_CALLS_PER_DAY', used: 1, resetAt: '2026-06-02T16:00:00.000Z' },
  });
});

it('shows what the pace of a minute has left, which is never an error', async () => {
  await using world = await createWorld();
  for (const key of ['1', '2', '3']) await send(world, textToTag(key));
  expect((await quotas(world)).SEND_CALLS_PER_MINUTE).toMatchObject({ limit: 60, used: 3, remaining: 57 });
  await world.clock.advance(MINUTE + 1);
  expect((await quotas(world)).SEND_CALLS_PER_MINUTE).toMatchObject({ used: 0, remaining: 60 });
});

it('passes on that WeChat has no quota left where sends were made elsewhere', async () => {
  await using world = await createWorld();
  world.sandbox.script(SENDALL, { errcode: 45028 });
  expect(await send(world, toAll('spent elsewhere'))).toMatchObject({
    __typename: 'WechatError',
    errcode: 45028,
    retryable: true,
    failedCampaign: { status: 'FAILED' },
  });
});

it('keeps the quotas of different accounts apart', async () => {
  const other = { appId: 'wx2222222222222222', appSecret: 'another secret', type: 'subscription' } as const;
  await using world = await createWorld({ account: { type: 'subscription' }, others: [other] });
  for (const account of [world.appId, other.appId]) {
    expect(await send(world, toAll('key', { account }))).toMatchObject({ campaign: { status: 'SENDING' } });
  }
});

it('uses up the span in which a call left, and not the one in which WeChat answers, nor one that may not have begun there', async () => {
  // WeChat takes none, of which the gateway knows nothing.
  await using world = await createWorld({ account: { limits: { sendsToAllPerMonth: 0 } } });
  const accounts = world.config.accounts.map((account) => ({
    ...account,
    limits: { ...account.limits, sendsToAllPerMonth: 4 },
  }));
  await world.restart({ accounts });
  const toAll = (key: string) => textToTag(key, { audience: { all: { confirm: true } } });
  await world.clock.advance(Date.parse('2026-06-30T15:59:59.500Z') - world.clock.now().getTime());
  const gate = Promise.withResolvers<void>();
  world.sandbox.script(SENDALL, { gate: gate.promise, when: 'after' });
  const called = nextRequest(world, SENDALL);
  const last = send(world, toAll('in June'));
  await called;
  await world.clock.advance(1_000);
  gate.resolve();
  expect(await last).toMatchObject({ errcode: 45028 });
  expect(await send(world, toAll('in the first second of July'))).toMatchObject({ errcode: 45028 });
  await world.clock.advance(24 * 3_600_000);
  expect(await send(world, toAll('on the second of July'))).toMatchObject({ errcode: 45028 });
  expect(await send(world, toAll('after that'))).toMatchObject({ __typename: 'QuotaExceededError' });
});

describe('previews by WeChat name', () => {
  const input = (to: object) => ({ to, message: { text: { content: 'a' } } });
  const limits = { previewsPerDay: 2 };

  it('have a quota of their own, which others and refused ones do not touch', async () => {
    await using world = await createWorld({ account: { limits } });
    expect(await preview(world, input({ wxName: 'unknown' }))).toMatchObject({ errcode: 40132 });
    expect(await preview(world, input({ openId: 'oSandbox_00001' }))).toMatchObject({
      __typename: 'PreviewSuccess',
    });
    expect((await quotas(world)).PREVIEWS_PER_DAY).toMatchObject({ used: 0 });
    for (const wxName of ['wx_1', 'wx_2']) {
      expect(await preview(world, input({ wxName }))).toMatchObject({ __typename: 'PreviewSuccess' });
    }
    const spent = {
      ...{ kind: 'PREVIEWS_PER_DAY', limit: 2, used: 2, remaining: 0 },
      resetAt: TOMORROW_IN_BEIJING,
    };
    expect(await preview(world, input({ wxName: 'wx_3' }))).toEqual({
      __typename: 'QuotaExceededError',
      message: expect.any(String),
      quota: spent,
    });
    expect(await quotas(world)).toMatchObject({
      PREVIEWS_PER_DAY: spent,
      SEND_CALLS_PER_DAY: { used: 0 },
    });
    expect(requestsTo(world, PREVIEW)).toHaveLength(4);
    await advanceTo(world, TOMORROW_IN_BEIJING);
    expect(await preview(world, input({ wxName: 'wx_3' }))).toMatchObject({ __typename: 'PreviewSuccess' });
  });

  it('get no more than there are, however many ask at once', async () => {
    await using world = await createWorld({ account: { limits } });
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => preview(world, input({ wxName: `wx_${index}` }))),
    );
    expect(answers.filter(({ __typename }) => __typename === 'PreviewSuccess')).toHaveLength(2);
    expect(requestsTo(world, PREVIEW)).toHaveLength(2);
  });
});

it('counts what has waited over midnight in Beijing for the new day', async () => {
  await using world = await createWorld({ account: { type: 'subscription' } });
  await advanceTo(world, '2026-06-01T15:59:30.000Z');
  world.sandbox.script(SENDALL, { errcode: 42010 });
  expect(await send(world, textToTag('waits'))).toMatchObject({ campaign: { status: 'PENDING' } });
  await advanceTo(world, '2026-06-01T16:00:10.000Z');
  expect((await quotas(world)).SEND_CALLS_PER_DAY).toMatchObject({ used: 1, remaining: 0 });
  expect(await sendOver(world, textToTag('another'))).toMatchObject({ __typename: 'QuotaExceededError' });
});

it('lets a send wait for tomorrow while another waits today', async () => {
  await using world = await createWorld({ account: { type: 'subscription' } });
  world.sandbox.script(SENDALL, { errcode: 42010 });
  expect(await send(world, textToTag('waits'))).toMatchObject({ campaign: { status: 'PENDING' } });
  const scheduledAt = '2026-06-02T02:00:00.000Z';
  expect(await send(world, textToTag('tomorrow', { scheduledAt }))).toMatchObject({
    campaign: { status: 'PENDING' },
  });
});

describe('previews by WeChat name', () => {
  const input = { to: { wxName: 'wx_editor' }, message: { text: { content: 'a' } } };
  it('are used up where WeChat says so, and it is not asked again', async () => {
    await using world = await createWorld();
    world.sandbox.script(PREVIEW, { errcode: 45009 });
    expect(await preview(world, input)).toMatchObject({ errcode: 45009 });
    expect((await quotas(world)).PREVIEWS_PER_DAY).toMatchObject({ used: 100, remaining: 0 });
    expect(await preview(world, input)).toMatchObject({ __typename: 'QuotaExceededError' });
    expect(requestsTo(world, PREVIEW)).toHaveLength(1);
  });

  it.each([{ drop: 'after' as const }, { errcode: -1 }])(
    'count where nobody knows whether they arrived: %o',
    async (fault) => {
      await using world = await createWorld();
      world.sandbox.script(PREVIEW, fault);
      await preview(world, input);
      expect((await quotas(world)).PREVIEWS_PER_DAY).toMatchObject({ used: 1 });
    },
  );
});
