import { expect, it } from 'vitest';
import { calls, lastBody } from '../kit/calls.ts';
import { createWorld, HURRIED, type World } from '../kit/world.ts';

const SET = '/cgi-bin/message/mass/speed/set';
const GET = '/cgi-bin/message/mass/speed/get';

const setSpeed = async (world: World, level: number): Promise<any> => {
  const query = `mutation ($level: Int!) { setSpeed(level: $level) {
    __typename
    ... on MassSpeed { level recipientsPerMinute }
    ... on InvalidInputError { issues { path message } }
    ... on WechatError { errcode retryable }
  } }`;
  return (await world.query<any>(query, { level })).setSpeed;
};

const SPEED = '{ account { speed { level recipientsPerMinute } } }';

it.each([
  [0, 800_000],
  [1, 600_000],
  [2, 450_000],
  [3, 300_000],
  [4, 100_000],
])('sets the level %i, which is %i a minute, and reads it back', async (level, recipientsPerMinute) => {
  await using world = await createWorld();
  expect(await setSpeed(world, level)).toEqual({ __typename: 'MassSpeed', level, recipientsPerMinute });
  expect(lastBody(world, SET)).toEqual({ speed: level });
  expect(await world.query(SPEED)).toEqual({ account: { speed: { level, recipientsPerMinute } } });
  expect(calls(world, GET)).toMatchObject([{ method: 'POST', body: '{}' }]);
});

it("shows WeChat's own figure, also where it is not the documented one", async () => {
  await using world = await createWorld();
  world.sandbox.script(GET, { body: '{"speed":3,"realspeed":15}' });
  expect(await world.query(SPEED)).toEqual({
    account: { speed: { level: 3, recipientsPerMinute: 150_000 } },
  });
});

it.each([-1, 5, 2_147_483_647])('refuses the level %i', async (level) => {
  await using world = await createWorld();
  expect(await setSpeed(world, level)).toEqual({
    __typename: 'InvalidInputError',
    issues: [{ path: ['level'], message: 'must be 0 to 4' }],
  });
  expect(calls(world)).toEqual([]);
});

it("passes WeChat's refusal on", async () => {
  await using world = await createWorld();
  world.sandbox.script(SET, { errcode: 45083 });
  expect(await setSpeed(world, 1)).toEqual({ __typename: 'WechatError', errcode: 45083, retryable: false });
});

it('lists the tags', async () => {
  await using world = await createWorld();
  const { account } = await world.query<any>('{ account { tags { id name followers } } }');
  expect(account.tags).toEqual([
    { id: 2, name: '星标组', followers: 500 },
    { id: 100, name: '北京', followers: 2450 },
    { id: 101, name: '上海', followers: expect.any(Number) },
    { id: 102, name: '内部测试', followers: 20 },
  ]);
});

it('tells by an error of the field where WeChat refuses to answer', async () => {
  await using world = await createWorld({ env: HURRIED });
  world.sandbox.script(GET, { errcode: 48001, errmsg: 'api unauthorized rid: 1-2-3' });
  const { body } = await world.post({ query: SPEED });
  expect(body).toMatchObject({
    data: { account: null },
    errors: [
      { path: ['account', 'speed'], extensions: { code: 'WECHAT_ERROR', errcode: 48001, rid: '1-2-3' } },
    ],
  });
  world.sandbox.script('/cgi-bin/tags/get', { hang: 'before' });
  const tags = await world.post({ query: '{ account { name tags { id } } }' });
  expect(tags.body.errors).toMatchObject([
    { extensions: { code: 'WECHAT_ERROR', errcode: -1, retryable: true } },
  ]);
});
