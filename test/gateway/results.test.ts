import { expect, it } from 'vitest';
import { signPush } from '../../src/callback/sign-push.ts';
import { finishedXml } from '../callback/kit.ts';
import { send, textToTag } from '../kit/actions.ts';
import { readCampaign, untilCampaign, untilStatus } from '../kit/campaigns.ts';
import { requestsTo, SENDALL, STATUS } from '../kit/endpoints.ts';
import { firstEvents, namesOf, readEvents, takeEvents } from '../kit/event-reading.ts';
import { runSql } from '../kit/sql.ts';
import { createWorld, type World } from '../kit/world.ts';

const MINUTE = 60_000;
const LATE = 10 * MINUTE;
const FINISHED = 'finished: send success';

/** Lets the sandbox finish, and waits until it has pushed so many times. No more time may pass: it waits five seconds for an answer. */
async function untilPushed(world: World, times = 1, within = 1_000): Promise<void> {
  let left = times;
  const pushed = world.sandbox.waitFor('push', () => --left === 0);
  await world.clock.advance(within);
  await pushed;
}

it('takes a result event that comes before the answer to the send', async () => {
  await using world = await createWorld();
  world.sandbox.scriptPush({ early: true });
  const { campaign } = await send(world, textToTag('early'));
  expect(campaign).toMatchObject({ status: 'SENT', msgId: world.sandbox.sends(world.appId)[0]?.msgId });
  expect((await readCampaign(world, campaign.id)).counts).toMatchObject({ sent: 2400 });
  const events = await firstEvents(world, 5, campaign.id);
  expect(namesOf(events)).toEqual(['PENDING', 'SUBMITTING', 'SENDING', FINISHED, 'SENT']);
});

it('takes a result event that comes long after WeChat was asked', async () => {
  await using world = await createWorld();
  world.sandbox.scriptPush({ late: LATE });
  const { campaign } = await send(world, textToTag('late'));
  await world.clock.waitForTimer(MINUTE);
  await world.clock.advance(MINUTE);
  const polled = await untilStatus(world, campaign.id, 'SENT');
  expect(polled).toMatchObject({ counts: null, audience: { recipients: null } });
  await untilPushed(world, 1, LATE + 1_000 - MINUTE);
  expect(await readCampaign(world, campaign.id)).toMatchObject({
    status: 'SENT',
    counts: { total: 2450, eligible: 2400, sent: 2400, failed: 0 },
    audience: { recipients: 2450 },
    jobs: [{ recipients: 2450 }],
    finishedAt: polled.finishedAt,
  });
});

it('lets a result event correct what WeChat said when it was asked', async () => {
  await using world = await createWorld();
  world.sandbox.scriptPush({ late: LATE, status: 'err(20004)' });
  world.sandbox.script(STATUS, { body: '{"msg_id":1,"msg_status":"SEND_SUCCESS"}' });
  const { campaign } = await send(world, textToTag('corrected'));
  await world.clock.waitForTimer(MINUTE);
  await world.clock.advance(MINUTE);
  await untilStatus(world, campaign.id, 'SENT');
  await untilPushed(world, 1, LATE + 1_000 - MINUTE);
  expect(await readCampaign(world, campaign.id)).toMatchObject({
    status: 'FAILED',
    failure: { code: 20004, rawStatus: 'err(20004)', reason: expect.stringContaining('涉嫌社会') },
  });
});

it('stores a result event once that comes twice', async () => {
  await using world = await createWorld();
  world.sandbox.scriptPush({ twice: true });
  const { campaign } = await send(world, textToTag('twice'));
  await untilPushed(world, 2);
  // What comes afterwards shows that nothing came in between.
  await world.sandbox.push(world.appId, finishedXml({ msgId: campaign.msgId, status: 'send fail' }));
  const events = await firstEvents(world, 7, campaign.id);
  expect(namesOf(events).slice(3)).toEqual([FINISHED, 'SENT', 'finished: send fail', 'FAILED']);
});

it('keeps a result event that comes again with other contents, and has the last one current', async () => {
  await using world = await createWorld();
  const counts = { total: 2450, eligible: 2390, sent: 2380, failed: 10 };
  world.sandbox.scriptPush({ again: { counts } });
  const { campaign } = await send(world, textToTag('changed'));
  await untilPushed(world, 2);
  expect(await readCampaign(world, campaign.id)).toMatchObject({ status: 'SENT', counts });
  const finished = (await firstEvents(world, 6, campaign.id)).filter(({ rawStatus }) => rawStatus);
  expect(finished.map((event) => event.counts?.sent)).toEqual([2400, 2380]);
});

it('gives a send its result once its id is known, that came while its outcome was unknown', async () => {
  await using world = await createWorld();
  world.sandbox.script(SENDALL, { drop: 'after' });
  const { campaign } = await send(world, textToTag('unknown'));
  await untilPushed(world);
  expect(await readCampaign(world, campaign.id)).toMatchObject({ status: 'UNKNOWN', counts: null });
  await world.clock.advance(MINUTE - 1_000);
  const sent = await untilStatus(world, campaign.id, 'SENT');
  expect(sent).toMatchObject({
    msgId: world.sandbox.sends(world.appId)[0]?.msgId,
    counts: { sent: 2400 },
  });
  const events = await firstEvents(world, 6, campaign.id);
  expect(namesOf(events)).toEqual(['PENDING', 'SUBMITTING', 'UNKNOWN', 'SENDING', FINISHED, 'SENT']);
});

it('asks WeChat about a send whose result was told before anybody knew that it is its own', async () => {
  await using world = await createWorld();
  const msgId = '4000000001';
  await world.sandbox.push(world.appId, finishedXml({ msgId }));
  expect(await firstEvents(world, 1)).toMatchObject([{ msgId, campaign: null }]);
  world.sandbox.script(SENDALL, { body: `{"errcode":45065,"errmsg":"clientmsgid exist","msg_id":${msgId}}` });
  const { campaign } = await send(world, textToTag('exists'));
  expect(campaign).toMatchObject({ status: 'SENT', msgId });
  // Somebody has deleted it by the id that was told.
  world.sandbox.script(STATUS, { body: `{"msg_id":${msgId},"msg_status":"DELETE"}` });
  await world.clock.waitForTimer(MINUTE);
  await world.clock.advance(MINUTE);
  expect(await untilStatus(world, campaign.id, 'DELETED')).toMatchObject({ counts: { sent: 75 } });
  await world.clock.advance(24 * 60 * MINUTE);
  expect(requestsTo(world, STATUS)).toHaveLength(1);
});

it('tells a result again with its campaign, to whoever is past the place where it stood without', async () => {
  await using world = await createWorld();
  const msgId = '4000000001';
  await world.sandbox.push(world.appId, finishedXml({ msgId, status: 'send fail' }));
  await world.sandbox.push(world.appId, finishedXml({ msgId }));
  const [, last] = await firstEvents(world, 2);
  world.sandbox.script(SENDALL, { body: `{"errcode":45065,"errmsg":"clientmsgid exist","msg_id":${msgId}}` });
  const { campaign } = await send(world, textToTag('exists'));
  await using events = await readEvents(world, 'SSE', { after: last!.id, campaign: campaign.id });
  expect(namesOf(await takeEvents(events, 7))).toEqual([
    'PENDING',
    'SUBMITTING',
    'SENDING',
    'finished: send fail',
    'FAILED',
    FINISHED,
    'SENT',
  ]);
  expect((await firstEvents(world, 2)).map((event) => event.campaign)).toEqual([null, null]);
});

it('tells the result of a send that was made elsewhere, without a campaign', async () => {
  await using world = await createWorld();
  expect(await world.sandbox.push(world.appId, finishedXml({ msgId: '4000000001' }))).toBe(true);
  expect(await firstEvents(world, 1)).toEqual([
    {
      __typename: 'MassSendJobFinished',
      id: expect.any(String),
      at: expect.any(String),
      campaign: null,
      msgId: '4000000001',
      rawStatus: 'send success',
      counts: { total: 100, eligible: 80, sent: 75, failed: 5 },
    },
  ]);
});

it('tells the result of another send at last where it came while a call was under way', async () => {
  await using world = await createWorld({ env: { WECHAT_TIMEOUT_MS: '20000' } });
  const gate = Promise.withResolvers<void>();
  world.sandbox.script(SENDALL, { gate: gate.promise, when: 'after' });
  const accepted = world.sandbox.waitFor('accepted');
  const answer = send(world, textToTag('slow'));
  await accepted;
  await world.sandbox.push(world.appId, finishedXml({ msgId: '4000000001' }));
  gate.resolve();
  const { campaign } = await answer;
  const events = await firstEvents(world, 4);
  expect(namesOf(events)).toEqual(['PENDING', 'SUBMITTING', 'SENDING', FINISHED]);
  expect(events.at(-1)).toMatchObject({ campaign: null, msgId: '4000000001' });
  expect(await untilCampaign(world, campaign.id, () => true)).toMatchObject({ status: 'SENDING' });
});

it('has a send that failed while sending used its quota, and tells the failure', async () => {
  await using world = await createWorld();
  world.sandbox.scriptPush({ status: 'send fail' });
  const { campaign } = await send(world, textToTag('failed'));
  await untilPushed(world);
  expect(await readCampaign(world, campaign.id)).toMatchObject({
    status: 'FAILED',
    msgId: campaign.msgId,
    failure: { code: null, rawStatus: 'send fail', retryable: true },
  });
  // It was accepted, so it is no WechatError to whoever asks again, and not sent again.
  expect(await send(world, textToTag('failed'))).toMatchObject({
    __typename: 'MassSendSuccess',
    replayed: true,
    campaign: { status: 'FAILED' },
  });
  expect(requestsTo(world, SENDALL)).toHaveLength(1);
  const { account } = await world.query<any>('{ account { quotas { kind used } } }');
  expect(account.quotas).toContainEqual({ kind: 'SEND_CALLS_PER_DAY', used: 1 });
});

it('takes a JSON push whose words hold what no database can store', async () => {
  await using world = await createWorld();
  const { campaign } = await send(world, textToTag('json'));
  const [account] = world.config.accounts;
  const body = `{"MsgType":"event","Event":"MASSSENDJOBFINISH","MsgID":${campaign.msgId},"Status":"odd \\ud800\\u0000"}`;
  const { query, ...push } = signPush({
    token: account?.callbackToken ?? '',
    encodingAesKey: account?.encodingAesKey ?? '',
    appId: world.appId,
    timestamp: world.clock.now().getTime() / 1000,
    nonce: '1',
    mode: 'encrypted',
    format: 'json',
    body,
  });
  const response = await fetch(`${world.url}/wechat/callback/${world.appId}?${query}`, {
    method: 'POST',
    headers: { 'content-type': push.contentType },
    body: push.body,
  });
  expect(await response.text()).toBe('success');
  expect(await readCampaign(world, campaign.id)).toMatchObject({ status: 'SENDING', failure: null });
  const told = await runSql(
    world.config.databaseUrl,
    `select raw_status from events where type = 'MassSendJobFinished'`,
  );
  expect(told).toEqual([{ raw_status: 'odd \uFFFD\uFFFD' }]);
});

it('tells the result of another send after five minutes, though the outcome of one is still unknown', async () => {
  await using world = await createWorld();
  world.sandbox.script(SENDALL, ...Array(10).fill({ errcode: -1 }));
  await send(world, textToTag('unknown'));
  await world.sandbox.push(world.appId, finishedXml({ msgId: '4000000001' }));
  for (let minute = 1; minute <= 5; minute++) {
    await world.clock.waitForTimer(MINUTE);
    await world.clock.advance(MINUTE);
  }
  await using events = await readEvents(world, 'SSE', { after: '0' });
  await events.until(({ events: { msgId, campaign } }) => msgId === '4000000001' && campaign === null);
});

it('tells the result of another send after five minutes also while the unknown one is asked for more seldom', async () => {
  await using world = await createWorld();
  world.sandbox.script(SENDALL, ...Array(20).fill({ errcode: -1 }));
  await send(world, textToTag('unknown'));
  for (let call = 1; call < 15; call++) {
    await world.clock.waitForTimer(MINUTE);
    await world.clock.advance(MINUTE);
  }
  await world.clock.waitForTimer(30 * MINUTE);
  const tries = requestsTo(world, SENDALL).length;
  await world.sandbox.push(world.appId, finishedXml({ msgId: '4000000001' }));
  await world.clock.waitForTimer(5 * MINUTE);
  await world.clock.advance(5 * MINUTE);
  await using events = await readEvents(world, 'SSE', { after: '0' });
  await events.until(({ events: { msgId, campaign } }) => msgId === '4000000001' && campaign === null);
  expect(requestsTo(world, SENDALL)).toHaveLength(tries);
});

it('keeps figures that no account can have out, and the campaign readable', async () => {
  await using world = await createWorld();
  world.sandbox.scriptPush({ lost: true });
  const { campaign } = await send(world, textToTag('huge'));
  const { msgId } = world.sandbox.sends(world.appId)[0]!;
  const counts = '<TotalCount>3000000000</TotalCount><FilterCount>80</FilterCount>';
  expect(await world.sandbox.push(world.appId, finishedXml({ msgId, counts }))).toBe(true);
  expect(await untilStatus(world, campaign.id, 'SENT')).toMatchObject({ audience: { recipients: null } });
});
