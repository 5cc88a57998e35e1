import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/sandbox/faults.ts';
import { send, textToTag } from '../kit/actions.ts';
import { readCampaign, untilStatus } from '../kit/campaigns.ts';
import { nextRequest, requestsTo, SENDALL, STABLE_TOKEN, STATUS, TOKEN } from '../kit/endpoints.ts';
import { takeTableAway } from '../kit/sql.ts';
import { createWorld, HURRIED, type World } from '../kit/world.ts';

const MINUTE = 60_000;
const STATUS_QUERY = `query ($msgId: ID!) { messageStatus(msgId: $msgId) {
  __typename ... on MessageStatus { status } ... on WechatError { errcode } } }`;

const askStatus = async (world: World, msgId: string): Promise<any> =>
  (await world.query<any>(STATUS_QUERY, { msgId })).messageStatus;

const tokenOf = (request: { query: Record<string, string> } | undefined) => request?.query.access_token;

it('asks stable_token once, and keeps the token over a restart', async () => {
  await using world = await createWorld();
  await send(world, textToTag('1'));
  await world.restart();
  await send(world, textToTag('2'));
  const [asked, ...more] = requestsTo(world, STABLE_TOKEN);
  expect(more).toEqual([]);
  expect(JSON.parse(asked?.body ?? '')).toEqual({
    grant_type: 'client_credential',
    appid: world.appId,
    secret: world.config.accounts[0]?.appSecret,
    force_refresh: false,
  });
  expect(requestsTo(world, TOKEN)).toEqual([]);
  const [first, second] = requestsTo(world, SENDALL);
  expect(tokenOf(second)).toBe(tokenOf(first));
});

it('asks token where the account may not use stable_token, and does not try that again', async () => {
  await using world = await createWorld({ account: { stableToken: false } });
  expect(await send(world, textToTag('1'))).toMatchObject({ campaign: { status: 'SENDING' } });
  await world.clock.advance(2 * 3_600_000);
  expect(await send(world, textToTag('2'))).toMatchObject({ campaign: { status: 'SENDING' } });
  expect(requestsTo(world, STABLE_TOKEN)).toHaveLength(1);
  expect(requestsTo(world, TOKEN)).toHaveLength(2);
});

it('fetches the next token five minutes before the end of the present one', async () => {
  await using world = await createWorld();
  // Not a send, whose result would be asked for in between.
  await askStatus(world, '1');
  await world.clock.advance(115 * MINUTE - 1);
  await askStatus(world, '1');
  expect(requestsTo(world, STABLE_TOKEN)).toHaveLength(1);
  await world.clock.advance(1);
  await askStatus(world, '1');
  expect(requestsTo(world, STABLE_TOKEN)).toHaveLength(2);
  const [first, second] = requestsTo(world, STATUS).slice(-2);
  expect(tokenOf(second)).not.toBe(tokenOf(first));
});

it('fetches one token for many calls that need the first', async () => {
  await using world = await createWorld();
  await Promise.all(Array.from({ length: 30 }, (_, index) => askStatus(world, `${index + 1}`)));
  expect(requestsTo(world, STABLE_TOKEN)).toHaveLength(1);
  expect(requestsTo(world, STATUS)).toHaveLength(30);
});

describe('a token that WeChat refuses with', () => {
  it.each([40001, 40014, 42001])('%i is replaced, and the call made again', async (errcode) => {
    await using world = await createWorld();
    await send(world, textToTag('1'));
    world.sandbox.script(SENDALL, { errcode });
    expect(await send(world, textToTag('2'))).toMatchObject({ campaign: { status: 'SENDING' } });
    const [before, refused, again] = requestsTo(world, SENDALL);
    expect(tokenOf(refused)).toBe(tokenOf(before));
    expect(tokenOf(again)).not.toBe(tokenOf(refused));
    expect(again?.body).toBe(refused?.body);
    // WeChat answers the same token until it is forced to give another.
    const asked = requestsTo(world, STABLE_TOKEN).map(({ body }) => JSON.parse(body).force_refresh);
    expect(asked).toEqual([false, false, true]);
  });

  it('40001 is replaced without force where WeChat has another already', async () => {
    await using world = await createWorld();
    await send(world, textToTag('1'));
    world.sandbox.revokeToken(world.appId);
    expect(await send(world, textToTag('2'))).toMatchObject({ campaign: { status: 'SENDING' } });
    const asked = requestsTo(world, STABLE_TOKEN).map(({ body }) => JSON.parse(body).force_refresh);
    expect(asked).toEqual([false, false]);
  });

  it('40001 is replaced once for many calls at once', async () => {
    await using world = await createWorld();
    await send(world, textToTag('1'));
    world.sandbox.revokeToken(world.appId);
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => askStatus(world, `${index + 1}`)),
    );
    expect(answers).toEqual(Array(30).fill({ __typename: 'MessageStatus', status: 'UNKNOWN' }));
    expect(requestsTo(world, STABLE_TOKEN)).toHaveLength(2);
  });

  it('40001 is left alone where another call has replaced it meanwhile', async () => {
    await using world = await createWorld({ env: { WECHAT_TIMEOUT_MS: '20000' } });
    await send(world, textToTag('1'));
    world.sandbox.revokeToken(world.appId);
    const gate = Promise.withResolvers<void>();
    world.sandbox.script(STATUS, { gate: gate.promise, when: 'after' });
    const called = nextRequest(world, STATUS);
    const late = askStatus(world, '1');
    await called;
    await askStatus(world, '2');
    expect(requestsTo(world, STABLE_TOKEN)).toHaveLength(2);
    gate.resolve();
    expect(await late).toMatchObject({ __typename: 'MessageStatus' });
    expect(requestsTo(world, STABLE_TOKEN)).toHaveLength(2);
  });

  it('40001 again and again is forced to another no oftener than WeChat allows', async () => {
    await using world = await createWorld();
    const forces = () =>
      requestsTo(world, STABLE_TOKEN).filter(({ body }) => JSON.parse(body).force_refresh).length;
    const askRefused = async () => {
      world.sandbox.script(STATUS, { errcode: 40001 }, { errcode: 40001 });
      expect(await askStatus(world, '1')).toMatchObject({ errcode: 40001 });
    };
    for (let times = 0; times < 5; times++) await askRefused();
    expect(forces()).toBe(1);
    for (let times = 0; times < 30; times++) {
      await world.clock.advance(30_000);
      await askRefused();
    }
    expect(forces()).toBe(20);
    await world.clock.advance(24 * 60 * MINUTE);
    await askRefused();
    expect(forces()).toBe(21);
  });

  it('40001 twice in a row fails a query, and puts off a send, which has not left', async () => {
    await using world = await createWorld();
    world.sandbox.script(STATUS, { errcode: 40001 }, { errcode: 40001 });
    expect(await askStatus(world, '1')).toEqual({ __typename: 'WechatError', errcode: 40001 });
    world.sandbox.script(SENDALL, { errcode: 42001 }, { errcode: 42001 });
    const { campaign } = await send(world, textToTag('1'));
    expect(campaign.status).toBe('PENDING');
    await world.clock.waitForTimer(MINUTE);
    await world.clock.advance(MINUTE);
    await untilStatus(world, campaign.id, 'SENDING');
    expect(world.sandbox.sends(world.appId)).toHaveLength(1);
  });
});

describe('a token endpoint that fails', () => {
  it.each<Fault>([
    { errcode: -1 },
    { errcode: 45011 },
    { drop: 'before' },
    { drop: 'after' },
    { hang: 'before' },
    { html: 200 },
    { html: 502 },
    { body: '{}' },
  ])('with %o puts the send off, whose outcome is not unknown', async (fault) => {
    await using world = await createWorld({ env: HURRIED });
    world.sandbox.script(STABLE_TOKEN, fault);
    const { campaign } = await send(world, textToTag('1'));
    expect(campaign.status).toBe('PENDING');
    expect((await readCampaign(world, campaign.id)).failure).toMatchObject({ retryable: true });
    expect(requestsTo(world, SENDALL)).toEqual([]);
    await world.clock.waitForTimer(MINUTE);
    await world.clock.advance(MINUTE);
    await untilStatus(world, campaign.id, 'SENDING');
    expect(world.sandbox.sends(world.appId)).toHaveLength(1);
  });

  it.each([40013, 40125, 40164, 40243])('with %i is a WechatError', async (errcode) => {
    await using world = await createWorld();
    world.sandbox.script(STABLE_TOKEN, { errcode });
    expect(await send(world, textToTag('1'))).toMatchObject({
      __typename: 'WechatError',
      errcode,
      retryable: false,
      failedCampaign: { status: 'FAILED' },
    });
    expect(requestsTo(world, SENDALL)).toEqual([]);
  });
});

it('keeps a token of 512 characters whole', async () => {
  await using world = await createWorld();
  const token = 'x'.repeat(512);
  world.sandbox.script(STABLE_TOKEN, { body: JSON.stringify({ access_token: token, expires_in: 7200 }) });
  world.sandbox.script(STATUS, { body: '{}' }, { body: '{}' });
  await askStatus(world, '1');
  await world.restart();
  await askStatus(world, '1');
  expect(requestsTo(world, STATUS).map(tokenOf)).toEqual([token, token]);
});

it('never logs a token or a secret', async () => {
  await using world = await createWorld({ env: HURRIED });
  world.sandbox.script(SENDALL, { errcode: 40001 }, { hang: 'before' });
  await send(world, textToTag('1'));
  const tokens = requestsTo(world, SENDALL).map(tokenOf);
  const logged = JSON.stringify(world.log, (_, value) =>
    value instanceof Error ? `${value.stack} ${value.cause}` : value,
  );
  for (const secret of [...tokens, world.config.accounts[0]?.appSecret]) expect(logged).not.toContain(secret);
});

it.each(['{"access_token":"a token"}', '{"access_token":"a token","expires_in":"soon"}'])(
  'takes no token without a life span, and has no doubt about the send that it was wanted for: %s',
  async (body) => {
    await using world = await createWorld();
    world.sandbox.script(STABLE_TOKEN, { body });
    const { campaign } = await send(world, textToTag('one'));
    expect(campaign.status).toBe('PENDING');
    expect(requestsTo(world, SENDALL)).toEqual([]);
    await world.clock.waitForTimer(MINUTE);
    await world.clock.advance(MINUTE);
    expect((await untilStatus(world, campaign.id, 'SENDING')).failure).toBeNull();
  },
);

it('has no doubt about a send whose token could not be stored', async () => {
  await using world = await createWorld();
  await using tokens = await takeTableAway(world.config.databaseUrl, 'access_tokens');
  const { campaign } = await send(world, textToTag('one'));
  expect(campaign.status).toBe('PENDING');
  expect(world.log.filter(({ level }) => level === 'error')).toHaveLength(1);
  await tokens.putBack();
  await world.clock.waitForTimer(MINUTE);
  await world.clock.advance(MINUTE);
  await untilStatus(world, campaign.id, 'SENDING');
  expect(requestsTo(world, SENDALL)).toHaveLength(1);
});
