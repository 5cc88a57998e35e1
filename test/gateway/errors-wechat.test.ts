import { expect, it } from 'vitest';
import { deleteMass, send, textToTag } from '../kit/actions.ts';
import { calls } from '../kit/calls.ts';
import { createWorld, type World } from '../kit/world.ts';

const SEND = '/cgi-bin/message/mass/sendall';
const DELETE = '/cgi-bin/message/mass/delete';
const TOKEN = '/cgi-bin/stable_token';

const secretOf = ({ config }: World): string => config.accounts[0]!.appSecret;

async function tokenOf(world: World): Promise<string> {
  await world.query('{ account { speed { level } } }');
  return calls(world)[0]!.query.access_token!;
}

it('cuts token and secret out of what WeChat says, and passes the rest on as it came', async () => {
  await using world = await createWorld();
  const token = await tokenOf(world);
  const secret = secretOf(world);
  const errmsg = `bad ${token} of ${secret}, twice: ${token} 中文 hint: [x] rid: 65a-b-c`;
  world.sandbox.script(DELETE, { errcode: 40097, errmsg });
  world.sandbox.script(SEND, { errcode: 40097, errmsg });
  const cut = 'bad [redacted] of [redacted], twice: [redacted] 中文 hint: [x] rid: 65a-b-c';
  expect(await deleteMass(world, { msgId: '1' })).toMatchObject({ errcode: 40097, rid: '65a-b-c' });
  const refused = await send(world, textToTag('one'));
  expect(refused).toMatchObject({ __typename: 'WechatError', errcode: 40097, rid: '65a-b-c' });
  expect(refused.errmsg.startsWith(cut)).toBe(true);
  const everything = await world.query(
    '{ campaigns { nodes { failure { reason rawStatus } jobs { failure { reason rawStatus } } } } }',
  );
  expect(JSON.stringify(everything)).toContain(cut);
  for (const place of [refused, everything, world.log]) {
    expect(JSON.stringify(place)).not.toContain(token);
    expect(JSON.stringify(place)).not.toContain(secret);
  }
});

it.each([
  ['/cgi-bin/message/mass/speed/get', '{ account { speed { level } } }', '{"errcode":0}', 'speed'],
  [
    '/cgi-bin/media/uploadnews',
    'mutation { uploadNews(articles: [{ title: "a", thumbMediaId: "b", content: "c" }]) { __typename ... on WechatError { errmsg retryable } } }',
    '{"type":"news","media_id":"m"}',
    'created_at',
  ],
])(
  'takes an answer of %s that lacks a field for no answer, and says which',
  async (path, query, body, field) => {
    await using world = await createWorld();
    world.sandbox.script(path, { body });
    const answer = JSON.stringify((await world.post({ query })).body);
    expect(answer).toContain(`the answer has no ${field}`);
    expect(world.log.filter(({ level }) => level === 'error')).toEqual([]);
  },
);

it('cuts the secret out of what WeChat says to the request for a token', async () => {
  await using world = await createWorld();
  world.sandbox.script(TOKEN, { errcode: 40125, errmsg: `invalid appsecret ${secretOf(world)} rid: 1-2` });
  const answer = await deleteMass(world, { msgId: '1' });
  expect(answer).toMatchObject({ __typename: 'WechatError', errcode: 40125, retryable: false });
  expect(answer.errmsg).toMatch(/^invalid appsecret \[redacted\] rid: 1-2/);
  expect(JSON.stringify(world.log)).not.toContain(secretOf(world));
});

it.each([
  ['203.0.113.7', 'invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 1-2'],
  ['203.0.113.7', 'invalid ip 203.0.113.7, not in whitelist'],
  ['2001:db8::7', 'invalid ip 2001:db8::7 ipv6 2001:db8::7, not in whitelist rid: 1-2'],
  ['2001:db8::7', 'invalid ip 2001:db8::7, not in whitelist'],
])('shows the address %s that has to be put on the list', async (address, errmsg) => {
  await using world = await createWorld();
  world.sandbox.script(TOKEN, { errcode: 40164, errmsg });
  const answer = await deleteMass(world, { msgId: '1' });
  expect(answer).toMatchObject({ __typename: 'WechatError', errcode: 40164, retryable: false });
  expect(answer.message).toContain(`: ${address} [40164]`);
});

it('names a code that nobody knows, and does not repeat it', async () => {
  await using world = await createWorld();
  world.sandbox.script(DELETE, { errcode: 99999, errmsg: 'something new' });
  const answer = await deleteMass(world, { msgId: '1' });
  expect(answer).toMatchObject({ errcode: 99999, retryable: false });
  expect(answer.message).toContain('99999');
  expect(calls(world, DELETE)).toHaveLength(1);
});

it('says in English what a code means, with the Chinese term', async () => {
  await using world = await createWorld();
  world.sandbox.script(DELETE, { errcode: 48001 });
  expect((await deleteMass(world, { msgId: '1' })).message).toBe(
    'the account may not use this API (api 功能未授权) [48001]',
  );
});

it.each([
  '{"errcode":"40035","errmsg":"as text"}',
  '{"errcode":40035}',
  '{"errcode":40035,"errmsg":null}',
  '{"errcode":40035,"errmsg":"raw \u0001\n control"}',
])('reads a refusal written as %j', async (body) => {
  await using world = await createWorld();
  world.sandbox.script(DELETE, { body });
  expect(await deleteMass(world, { msgId: '1' })).toMatchObject({
    __typename: 'WechatError',
    errcode: 40035,
  });
});

it.each(['', '[]', 'null', '"ok"', '<html></html>', '{"errcode":0', '{"errcode":"many"}'])(
  'takes %j for no answer',
  async (body) => {
    await using world = await createWorld();
    world.sandbox.script(DELETE, { body });
    expect(await deleteMass(world, { msgId: '1' })).toMatchObject({
      __typename: 'WechatError',
      errcode: -1,
      retryable: true,
    });
  },
);

it('takes a code that is larger than any for no verdict, and the campaign stays readable', async () => {
  await using world = await createWorld();
  world.sandbox.script(SEND, { errcode: 9_999_999_999 });
  const { campaign } = await send(world, textToTag('one'));
  expect(campaign.status).toBe('UNKNOWN');
  const query = 'query ($id: ID!) { campaign(id: $id) { failure { code } } }';
  expect(await world.query(query, { id: campaign.id })).toEqual({ campaign: { failure: { code: -1 } } });
});

it.each(['{"tags":[null]}', '{"tags":[{"id":2,"name":"x"}]}'])(
  'takes tags that are none for no answer: %s',
  async (body) => {
    await using world = await createWorld();
    world.sandbox.script('/cgi-bin/tags/get', { body });
    const answer = JSON.stringify((await world.post({ query: '{ account { tags { id } } }' })).body);
    expect(answer).toContain('the answer has no');
    expect(world.log.filter(({ level }) => level === 'error')).toEqual([]);
  },
);
