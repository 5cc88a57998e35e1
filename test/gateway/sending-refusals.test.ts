import { describe, expect, it } from 'vitest';
import { freePort } from '../../prove/free-port.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { send, textToTag } from '../kit/actions.ts';
import { listCampaigns, readCampaign, untilStatus } from '../kit/campaigns.ts';
import { nextRequest, requestsTo, SENDALL } from '../kit/endpoints.ts';
import { createWorld } from '../kit/world.ts';

const MINUTE = 60_000;
const DAY = 24 * 3_600_000;

describe('a first call that is refused with', () => {
  it.each([
    [40007, false],
    [40050, false],
    [41040, false],
    [45028, true],
    [45009, true],
    [48003, false],
    [89506, true],
    [99999, false],
  ])('%i is a WechatError, the same for every repetition, and final', async (errcode, retryable) => {
    await using world = await createWorld();
    const errmsg = 'said WeChat hint: [abc] rid: 6a1b2c3d-0a1b2c3d-4e5f6a7b';
    world.sandbox.script(SENDALL, { errcode, errmsg });
    const answer = await send(world, textToTag('refused'));
    expect(answer).toMatchObject({
      __typename: 'WechatError',
      errcode,
      retryable,
      rid: expect.stringMatching(/^[\da-f]{8}-/),
      failedCampaign: { status: 'FAILED' },
    });
    expect(answer.errmsg).toContain(errmsg);
    expect(await send(world, textToTag('refused'))).toEqual(answer);
    expect(await readCampaign(world, answer.failedCampaign.id)).toMatchObject({
      failure: { code: errcode, rawStatus: answer.errmsg, retryable },
      finishedAt: expect.any(String),
    });
    await world.clock.advance(2 * DAY);
    expect(await send(world, textToTag('refused'))).toEqual(answer);
    expect(requestsTo(world, SENDALL)).toHaveLength(1);
    expect(world.sandbox.sends(world.appId)).toEqual([]);
  });
});

describe('a first call that is put off with', () => {
  it.each([42010, 45011, 45085])('%i is not sent, and tried again after the pause', async (errcode) => {
    await using world = await createWorld();
    world.sandbox.script(SENDALL, { errcode });
    const { campaign } = await send(world, textToTag('fast'));
    expect(campaign.status).toBe('PENDING');
    expect((await readCampaign(world, campaign.id)).failure).toMatchObject({
      code: errcode,
      retryable: true,
    });
    await world.clock.waitForTimer(MINUTE);
    await world.clock.advance(MINUTE - 1);
    expect(requestsTo(world, SENDALL)).toHaveLength(1);
    const repeated = nextRequest(world, SENDALL);
    await world.clock.advance(1);
    await repeated;
    expect(await untilStatus(world, campaign.id, 'SENDING')).toMatchObject({ failure: null });
    const [first, second] = requestsTo(world, SENDALL);
    expect(second?.body).toBe(first?.body);
    expect(world.sandbox.sends(world.appId)).toHaveLength(1);
  });
});

it('holds the other sends of the account too while WeChat says that they come too fast', async () => {
  await using world = await createWorld();
  world.sandbox.script(SENDALL, { errcode: 42010 });
  await send(world, textToTag('fast'));
  await world.clock.waitForTimer(MINUTE);
  const waiting = world.clock.waitForTimer(10_000);
  const other = send(world, textToTag('other'));
  await waiting;
  await world.clock.advance(10_000);
  expect(await other).toMatchObject({ campaign: { status: 'PENDING' } });
  expect(requestsTo(world, SENDALL)).toHaveLength(1);
  await world.clock.advance(50_000);
  for (const { id } of await listCampaigns(world)) await untilStatus(world, id, 'SENDING');
  expect(world.sandbox.sends(world.appId)).toHaveLength(2);
});

it('takes 45065 as an answer to a first call for what it is: accepted', async () => {
  await using world = await createWorld();
  const body = '{"errcode":45065,"errmsg":"clientmsgid exist","msg_id":3147483999}';
  world.sandbox.script(SENDALL, { body });
  const { campaign } = await send(world, textToTag('exists'));
  expect(campaign).toMatchObject({ status: 'SENDING', msgId: '3147483999', msgDataId: null });
});

it('does not give a send the id that another campaign has', async () => {
  await using world = await createWorld();
  const { campaign } = await send(world, textToTag('first'));
  const body = `{"errcode":45065,"errmsg":"clientmsgid exist","msg_id":${campaign.msgId}}`;
  world.sandbox.script(SENDALL, { body });
  const second = (await send(world, textToTag('second'))).campaign;
  expect(await readCampaign(world, second.id)).toMatchObject({
    status: 'FAILED',
    msgId: null,
    failure: { code: null, reason: expect.stringContaining(campaign.id) },
  });
  expect((await readCampaign(world, campaign.id)).msgId).toBe(campaign.msgId);
});

it('names the address that has to be put on the list', async () => {
  await using world = await createWorld();
  world.sandbox.script(SENDALL, { errcode: 40164, errmsg: 'invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7' });
  expect((await send(world, textToTag('ip'))).message).toContain('203.0.113.7');
});

it('cuts the access token out of what WeChat says', async () => {
  await using world = await createWorld();
  await send(world, textToTag('first'));
  const token = requestsTo(world, SENDALL)[0]?.query.access_token ?? '';
  world.sandbox.script(SENDALL, { errcode: 40035, errmsg: `bad access_token=${token} given` });
  const { errmsg, failedCampaign } = await send(world, textToTag('second'));
  expect(errmsg).toContain('bad access_token=[redacted] given');
  const told = JSON.stringify([await readCampaign(world, failedCampaign.id), world.log]);
  expect(told).not.toContain(token);
});

it('keeps a refusal whose words hold characters that no database takes', async () => {
  await using world = await createWorld();
  world.sandbox.script(SENDALL, { body: '{"errcode":40050,"errmsg":"bad\\u0000tag \\ud800"}' });
  expect(await send(world, textToTag('odd'))).toMatchObject({
    __typename: 'WechatError',
    errcode: 40050,
    failedCampaign: { status: 'FAILED' },
  });
});

it('knows that nothing was sent where the connection is refused, and tries again', async () => {
  await using world = await createWorld();
  await send(world, textToTag('first'));
  // A WeChat that is closed leaves a connection that could still be written to, and a port that somebody else could get.
  const port = await freePort();
  await world.restart({ wechatApiBaseUrl: `http://127.0.0.1:${port}` });
  const { campaign } = await send(world, textToTag('refused'));
  expect(campaign.status).toBe('PENDING');
  expect((await readCampaign(world, campaign.id)).failure).toMatchObject({ code: null, retryable: true });
  const [account] = world.config.accounts;
  await using back = await createSandbox({
    accounts: [{ appId: world.appId, appSecret: account?.appSecret ?? '', type: 'service' }],
    clock: world.clock,
    port,
    idOffset: 1_000,
  });
  await world.clock.waitForTimer(MINUTE);
  await world.clock.advance(MINUTE);
  const sent = await untilStatus(world, campaign.id, 'SENDING');
  expect(back.sends(world.appId).map(({ msgId }) => msgId)).toEqual([sent.msgId]);
});
