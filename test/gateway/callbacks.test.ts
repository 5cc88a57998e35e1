import { expect, it } from 'vitest';
import { signature } from '../../src/callback/crypto.ts';
import { send, textToTag } from '../kit/actions.ts';
import { readCampaign } from '../kit/campaigns.ts';
import { readEvents, takeEvents } from '../kit/event-reading.ts';
import { postPush, resultXml, signed } from '../kit/pushes.ts';
import { runSql, takeTableAway } from '../kit/sql.ts';
import { createWorld, type World, type WorldOptions } from '../kit/world.ts';

const PLAIN: WorldOptions = { account: { encodingAesKey: undefined } as never };
const OLD_KEY = 'ZYXWVUTSRQPONMLKJIHGFEDCBA9876543210zyxwvut';

const storedPushes = (world: World) =>
  runSql(world.config.databaseUrl, 'select app_id, msg_type, event, msg_id, raw from pushes order by id');

/** Lets the next plain signature have the number after this one. */
const moveIds = (world: World, id: number) =>
  runSql(
    world.config.databaseUrl,
    world.config.databaseUrl.startsWith('file:')
      ? `update sqlite_sequence set seq = ${id} where name = 'plain_signatures'`
      : `select setval('plain_signatures_id_seq', ${id})`,
  );

async function shakeHands(
  world: World,
  query: Record<string, string>,
): Promise<{ status: number; body: string }> {
  const response = await fetch(`${world.url}/wechat/callback/${world.appId}?${new URLSearchParams(query)}`);
  return { status: response.status, body: await response.text() };
}

it("answers the handshake with the bare echostr, for WeChat's published check value", async () => {
  await using world = await createWorld({ account: { callbackToken: 'AAAAA' } });
  const query = { timestamp: '1714037059', nonce: '486452656', echostr: '4375120948345356249' };
  expect(signature('AAAAA', query.timestamp, query.nonce)).toBe('899cf89e464efb63f54ddac96b0a0a235f53aa78');
  expect(
    await shakeHands(world, { ...query, signature: '899cf89e464efb63f54ddac96b0a0a235f53aa78' }),
  ).toEqual({ status: 200, body: '4375120948345356249' });
});

it.each([
  ['plain', PLAIN, {}],
  ['encrypted', {}, { mode: 'encrypted' as const }],
  ['compatible', {}, { mode: 'compatible' as const }],
  ['encrypted with the previous key', { previousAesKey: OLD_KEY }, { encodingAesKey: OLD_KEY }],
  ['encrypted with the present key beside a previous one', { previousAesKey: OLD_KEY }, {}],
])('takes a result that is pushed %s', async (_, options, push) => {
  await using world = await createWorld(options);
  const { campaign } = await send(world, textToTag('one'));
  const answer = await postPush(world, signed(world, resultXml({ msgId: campaign.msgId }), push));
  expect(answer).toEqual({ status: 200, body: 'success' });
  expect(await readCampaign(world, campaign.id)).toMatchObject({
    status: 'SENT',
    counts: { total: 100, eligible: 80, sent: 75, failed: 5 },
  });
});

it.each([
  ['plain', PLAIN, {}],
  ['encrypted', {}, {}],
  ['compatible', {}, { mode: 'compatible' as const }],
])('takes a result that is pushed as JSON, %s, with an id above 2^53', async (_, options, push) => {
  await using world = await createWorld(options);
  const json = `{"ToUserName":"gh_1","FromUserName":"o1","CreateTime":1481013459,"MsgType":"event","Event":"MASSSENDJOBFINISH",
    "MsgID":90261533849829379,"Status":"send success","TotalCount":3,"FilterCount":2,"SentCount":1,"ErrorCount":1}`;
  const answer = await postPush(world, signed(world, json, { ...push, format: 'json' }));
  expect(answer).toEqual({ status: 200, body: 'success' });
  await using events = await readEvents(world, 'SSE', { after: '0' });
  expect(await takeEvents(events, 1)).toMatchObject([
    { msgId: '90261533849829379', counts: { total: 3, eligible: 2, sent: 1, failed: 1 } },
  ]);
  expect(await storedPushes(world)).toMatchObject([{ msg_id: '90261533849829379', raw: json }]);
});

it('trusts the ciphertext of a compatible push, whatever stands beside it', async () => {
  await using world = await createWorld();
  const push = signed(world, resultXml({ msgId: '7000000001' }), { mode: 'compatible' });
  const body = push.body.replaceAll('7000000001', '7000000002');
  expect(body).not.toBe(push.body);
  expect(await postPush(world, { ...push, body })).toMatchObject({ status: 200 });
  expect(await storedPushes(world)).toMatchObject([{ msg_id: '7000000001' }]);
});

it.each([
  [
    'text',
    null,
    '<xml><ToUserName>gh_1</ToUserName><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[你好 👋 ]]]]><![CDATA[>]]></Content><MsgId>90261533849829379</MsgId></xml>',
  ],
  [
    'event',
    'unsubscribe',
    '\n<xml><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[unsubscribe]]></Event></xml>',
  ],
  [
    'event',
    'TEMPLATESENDJOBFINISH',
    '<xml><MsgType>event</MsgType><Event>TEMPLATESENDJOBFINISH</Event><MsgID>12</MsgID></xml>',
  ],
])('stores any other push as it came and answers success: %s %s', async (type, event, xml) => {
  await using world = await createWorld();
  expect(await postPush(world, signed(world, xml))).toEqual({ status: 200, body: 'success' });
  expect(await storedPushes(world)).toEqual([
    { app_id: world.appId, msg_type: type, event, msg_id: null, raw: xml },
  ]);
  const [events] = await runSql(world.config.databaseUrl, 'select count(*) as rows from events');
  expect(Number(events?.rows)).toBe(0);
});

it.each([
  ['no XML at all', 'hello'],
  ['open XML', '<xml><MsgType>event</MsgType><Event>MASSSENDJOBFINISH'],
  ['broken JSON', '{"MsgType":'],
  ['nothing', ''],
])('stores what WeChat has signed and nobody can read as it came: %s', async (_, body) => {
  for (const options of [PLAIN, {}]) {
    await using world = await createWorld(options);
    expect(await postPush(world, signed(world, body))).toEqual({ status: 200, body: 'success' });
    expect(await storedPushes(world)).toEqual([
      { app_id: world.appId, msg_type: null, event: null, msg_id: null, raw: body },
    ]);
  }
});

it('refuses a plain signature that came with another body before, also after a restart, and answers a repetition', async () => {
  await using world = await createWorld(PLAIN);
  const genuine = signed(world, resultXml({ msgId: '7000000001' }));
  const forged = { ...genuine, body: resultXml({ msgId: '7000000002' }) };
  // The same signature for a moment and a nonce that are cut up in another place.
  const [timestamp, nonce] = [genuine.query.get('timestamp') ?? '', genuine.query.get('nonce') ?? ''];
  const recut = new URLSearchParams(genuine.query);
  const [one, other] = [timestamp, nonce].sort() as [string, string];
  recut.set('timestamp', one + other.slice(0, 1));
  recut.set('nonce', other.slice(1));
  expect(await postPush(world, genuine)).toMatchObject({ status: 200 });
  for (const restart of [false, true]) {
    if (restart) await world.restart();
    expect(await postPush(world, forged)).toMatchObject({ status: 403 });
    expect(await postPush(world, { ...forged, query: recut })).toMatchObject({ status: 403 });
    expect(await postPush(world, genuine)).toEqual({ status: 200, body: 'success' });
  }
  // WeChat may sign a repetition anew.
  const again = signed(world, genuine.body, { nonce: 'another' });
  expect(await postPush(world, again)).toEqual({ status: 200, body: 'success' });
  expect(await postPush(world, { ...again, body: forged.body })).toMatchObject({ status: 403 });
  expect(await storedPushes(world)).toMatchObject([{ msg_id: '7000000001' }]);
  expect(await runSql(world.config.databaseUrl, 'select type from events')).toHaveLength(1);
});

it('does not hold a signature against a push that could not be stored', async () => {
  await using world = await createWorld(PLAIN);
  const push = signed(world, resultXml({ msgId: '7000000001' }));
  await using missing = await takeTableAway(world.config.databaseUrl, 'pushes');
  expect(await postPush(world, push)).toMatchObject({ status: 500 });
  await missing.putBack();
  expect(await postPush(world, push)).toEqual({ status: 200, body: 'success' });
  expect(await runSql(world.config.databaseUrl, 'select id from plain_signatures')).toHaveLength(1);
});

it('forgets plain signatures once there are very many newer ones', async () => {
  await using world = await createWorld(PLAIN);
  const first = signed(world, resultXml({ msgId: '7000000001' }));
  await postPush(world, first);
  const count = async () =>
    (await runSql(world.config.databaseUrl, 'select id from plain_signatures order by id')).map(({ id }) =>
      Number(id),
    );
  const insert = (id: number) =>
    runSql(
      world.config.databaseUrl,
      `insert into plain_signatures (id, app_id, signature, digest) values (${id}, 'wx', '${id}', '')`,
    );
  await insert(300_000);
  await insert(500_000);
  expect(await count()).toEqual([1, 300_000, 500_000]);
  await moveIds(world, 500_999);
  await postPush(world, signed(world, resultXml({ msgId: '7000000002' })));
  expect(await count()).toEqual([500_000, 501_000]);
});

it('takes a push that WeChat signed long ago, and tells of it', async () => {
  await using world = await createWorld({ env: { CALLBACK_MAX_AGE_MS: '60000' } });
  const xml = resultXml({ msgId: '7000000001' });
  const push = signed(world, xml);
  await world.clock.advance(60_001);
  expect(await postPush(world, push)).toEqual({ status: 200, body: 'success' });
  expect(await storedPushes(world)).toHaveLength(1);
  expect(world.log).toContainEqual({
    level: 'warn',
    context: {
      appId: world.appId,
      remoteAddress: '127.0.0.1',
      ageMs: 60_001,
      requestId: expect.any(String),
    },
    message: 'a push was signed long ago and is taken all the same',
  });
});

it('keeps the pushes of two accounts apart', async () => {
  const other = {
    appId: 'wx2222222222222222',
    appSecret: 'a secret of the second account',
    type: 'service' as const,
    callbackToken: 'other',
  };
  await using world = await createWorld({ others: [other] });
  const { campaign } = await send(world, { ...textToTag('one'), account: world.appId });
  const xml = resultXml({ msgId: campaign.msgId });
  expect(await world.sandbox.push(other.appId, xml)).toBe(true);
  expect(await readCampaign(world, campaign.id)).toMatchObject({ status: 'SENDING', counts: null });
  expect(await world.sandbox.push(world.appId, xml)).toBe(true);
  expect(await readCampaign(world, campaign.id)).toMatchObject({ status: 'SENT' });
  expect((await storedPushes(world)).map(({ app_id }) => app_id)).toEqual([other.appId, world.appId]);
});
