import { expect, it } from 'vitest';
import { send, textToTag } from '../kit/actions.ts';
import { readCampaign } from '../kit/campaigns.ts';
import { createPushReceiver } from '../kit/push-receiver.ts';
import { postPush, resultXml, signed } from '../kit/pushes.ts';
import { runSql, takeTableAway } from '../kit/sql.ts';
import { createWorld, type World, type WorldOptions } from '../kit/world.ts';

const PLAIN: WorldOptions = { account: { encodingAesKey: undefined } as never };
const ALLOW = { CALLBACK_FORWARD_ALLOW: '127.0.0.0/8' };
const TEXT =
  '<xml><ToUserName>gh_1</ToUserName><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[你好 👋]]></Content></xml>';
const REPLY = '<xml><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[欢迎 👋]]></Content></xml>';

const rawPushes = async (world: World) =>
  (await runSql(world.config.databaseUrl, 'select raw from pushes order by id')).map(({ raw }) => raw);

const undelivered = (world: World) =>
  world.log.filter(({ message }) => message === 'push stored but not passed on, WeChat will repeat it');

it.each([
  ['plain', PLAIN, {}],
  ['encrypted', {}, {}],
  ['compatible', {}, { mode: 'compatible' as const }],
])('passes a message on as it came and gives WeChat the answer: %s', async (_, options, push) => {
  await using receiver = await createPushReceiver();
  await using world = await createWorld({
    ...options,
    forwardUrl: `${receiver.url}/app?tenant=1`,
    env: ALLOW,
  });
  receiver.script((response) => response.writeHead(200, { 'content-type': 'text/xml' }).end(REPLY));
  const { query, body, contentType } = signed(world, TEXT, push);
  const asSent = `openid=o%2f1&${query}&empty=&x=a+b`;
  const response = await fetch(`${world.url}/wechat/callback/${world.appId}?${asSent}`, {
    method: 'POST',
    headers: { 'content-type': contentType },
    body,
  });
  expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
    200,
    'text/xml',
    REPLY,
  ]);
  expect(receiver.received).toEqual([
    { method: 'POST', path: `/app?tenant=1&${asSent}`, contentType, body: Buffer.from(body) },
  ]);
  expect(await rawPushes(world)).toEqual([TEXT]);
});

it('passes bytes on that are no text, and JSON with its own content type', async () => {
  await using receiver = await createPushReceiver();
  await using world = await createWorld({ ...PLAIN, forwardUrl: receiver.url, env: ALLOW });
  const bytes = Buffer.concat([
    Buffer.from('{"MsgType":"text","Content":"'),
    Buffer.from([0xff, 0xfe, 0]),
    Buffer.from('"}'),
  ]);
  const { query } = signed(world, 'bytes');
  const response = await fetch(`${world.url}/wechat/callback/${world.appId}?${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: bytes,
  });
  expect([response.status, await response.text()]).toEqual([200, 'success']);
  expect(receiver.received).toMatchObject([{ contentType: 'application/json', body: bytes }]);
});

it('keeps the results of sends to itself, and answers the handshake', async () => {
  await using receiver = await createPushReceiver();
  await using world = await createWorld({ forwardUrl: receiver.url, env: ALLOW });
  const { campaign } = await send(world, textToTag('one'));
  expect(await postPush(world, signed(world, resultXml({ msgId: campaign.msgId })))).toEqual({
    status: 200,
    body: 'success',
  });
  expect(await readCampaign(world, campaign.id)).toMatchObject({ status: 'SENT' });
  const { query } = signed(world, '');
  query.set('echostr', '43751209');
  const handshake = await fetch(`${world.url}/wechat/callback/${world.appId}?${query}`);
  expect(await handshake.text()).toBe('43751209');
  expect(receiver.received).toEqual([]);
  // Not a result that the gateway can do anything with.
  await postPush(world, signed(world, '<xml><Event>MASSSENDJOBFINISH</Event></xml>'));
  await postPush(world, signed(world, 'no XML'));
  expect(receiver.received).toHaveLength(2);
});

it('passes nothing on that WeChat did not sign, or that holds a DOCTYPE', async () => {
  await using receiver = await createPushReceiver();
  await using world = await createWorld({ forwardUrl: receiver.url, env: ALLOW });
  expect(await postPush(world, signed(world, TEXT, { token: 'guessed' }))).toMatchObject({ status: 403 });
  expect(await postPush(world, signed(world, `<!DOCTYPE xml>${TEXT}`))).toMatchObject({ status: 400 });
  expect(receiver.received).toEqual([]);
});

it.each([
  ['an error', (to: any) => to.writeHead(503).end('success')],
  ['a redirect', (to: any) => to.writeHead(307, { location: '/elsewhere' }).end()],
  ['a broken connection', (to: any) => to.destroy()],
  ['an answer that is too large', (to: any) => to.end('x'.repeat(100_000))],
])('has WeChat repeat what came back with %s, and passes the repetition on', async (_, answer) => {
  await using receiver = await createPushReceiver();
  await using world = await createWorld({ forwardUrl: receiver.url, env: ALLOW });
  receiver.script(answer);
  const push = signed(world, TEXT);
  expect(await postPush(world, push)).toEqual({ status: 502, body: 'try again' });
  expect(undelivered(world)).toMatchObject([{ level: 'warn' }]);
  expect(JSON.stringify(world.log)).not.toContain(push.query.get('nonce'));
  expect(await rawPushes(world)).toEqual([TEXT]);
  expect(await postPush(world, push)).toEqual({ status: 200, body: 'success' });
  expect(receiver.received).toHaveLength(2);
  expect(await rawPushes(world)).toEqual([TEXT]);
});

it("answers before WeChat's five seconds are over, and WeChat comes again by itself", async () => {
  await using receiver = await createPushReceiver();
  await using world = await createWorld({ forwardUrl: receiver.url, env: ALLOW });
  receiver.script(() => {});
  const refused = world.sandbox.waitFor('push', ({ attempt }) => attempt === 1);
  const pushing = world.sandbox.push(world.appId, TEXT);
  await receiver.untilReceived(1);
  await world.clock.advance(4_500);
  expect(await refused).toMatchObject({ answer: { status: 502 } });
  await world.clock.waitForTimer(500);
  await world.clock.advance(500);
  expect(await pushing).toBe(true);
  expect(receiver.received).toHaveLength(2);
  expect(await rawPushes(world)).toEqual([TEXT]);
});

it('does not pass on what it could not store', async () => {
  await using receiver = await createPushReceiver();
  await using world = await createWorld({ forwardUrl: receiver.url, env: ALLOW });
  await using missing = await takeTableAway(world.config.databaseUrl, 'pushes');
  expect(await postPush(world, signed(world, TEXT))).toEqual({ status: 500, body: 'try again' });
  expect(receiver.received).toEqual([]);
  await missing.putBack();
  expect(await postPush(world, signed(world, TEXT))).toEqual({ status: 200, body: 'success' });
  expect(receiver.received).toHaveLength(1);
});

it('connects to no address that is neither public nor allowed, by number or by name', async () => {
  await using receiver = await createPushReceiver();
  for (const host of ['127.0.0.1', 'localhost']) {
    await using world = await createWorld({ forwardUrl: `http://${host}:${receiver.port}/` });
    expect(await postPush(world, signed(world, TEXT))).toEqual({ status: 502, body: 'try again' });
    expect(undelivered(world)).toMatchObject([
      { context: { reason: 'its address is neither public nor allowed' } },
    ]);
  }
  expect(receiver.received).toEqual([]);
});

it('passes on to a host that is allowed by its name, and of two accounts for the one that says where', async () => {
  await using receiver = await createPushReceiver();
  const other = {
    appId: 'wx2222222222222222',
    appSecret: 'a secret of the second account',
    type: 'service' as const,
    callbackToken: 'other',
  };
  await using world = await createWorld({
    forwardUrl: `http://localhost:${receiver.port}/`,
    others: [other],
    env: { CALLBACK_FORWARD_ALLOW: 'localhost' },
  });
  expect(await world.sandbox.push(other.appId, TEXT)).toBe(true);
  expect(receiver.received).toEqual([]);
  expect(await world.sandbox.push(world.appId, TEXT)).toBe(true);
  expect(receiver.received).toHaveLength(1);
});
