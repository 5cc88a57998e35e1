import { expect, it } from 'vitest';
import { openIdOf } from '../../src/sandbox/population.ts';
import { createWorld } from '../kit/world.ts';

const PLAN = `query ($input: MassSendInput!) {
  planMassSend(input: $input) {
    jobs recipients recipientsWithFourThisMonth estimatedSeconds
    issues { path message }
    requests { path body }
    quotas { before { kind used limit } after { used remaining } }
  }
}`;
const SEND = `mutation ($input: MassSendInput!) { massSend(input: $input) { __typename } }`;
const message = { text: { content: 'hello' } };
const openIds = (count: number) => Array.from({ length: count }, (_, index) => openIdOf(index + 1));

it('shows the very bytes that a send would hand to WeChat, and sends nothing', async () => {
  await using world = await createWorld();
  const input = { idempotencyKey: 'one', audience: { tagId: 100 }, message };
  const { planMassSend } = await world.query<any>(PLAN, { input });
  expect(planMassSend).toMatchObject({
    jobs: 1,
    recipients: 2450,
    recipientsWithFourThisMonth: null,
    estimatedSeconds: 1,
    issues: [],
    quotas: [
      { before: { kind: 'SEND_CALLS_PER_DAY', used: 0, limit: 100 }, after: { used: 1, remaining: 99 } },
    ],
  });
  expect(world.sandbox.sends(world.appId)).toEqual([]);
  await world.query(SEND, { input });
  const sent = world.sandbox.requests.find(({ path }) => path === planMassSend.requests[0].path);
  expect(planMassSend.requests[0].body).toBe(sent?.body);
});

it('tells all broken rules and what the quotas would be, and makes no call of a broken send', async () => {
  await using world = await createWorld();
  const { planMassSend } = await world.query<any>(PLAN, {
    input: { idempotencyKey: ' ', audience: { all: { confirm: false } }, message: { text: { content: '' } } },
  });
  expect(planMassSend.issues.map(({ path }: any) => path.join('.'))).toEqual([
    'idempotencyKey',
    'audience.all.confirm',
    'message.text.content',
  ]);
  expect(planMassSend.requests).toEqual([]);
});

it('tells of a time that is too late for any database', async () => {
  await using world = await createWorld();
  const audience = { all: { confirm: true } };
  const input = { idempotencyKey: 'one', audience, message, scheduledAt: '9999-12-31T23:59:59Z' };
  const { planMassSend } = await world.query<any>(PLAN, { input });
  expect(planMassSend.issues.map(({ path }: any) => path)).toEqual([['scheduledAt']]);
});

it('tells a tag that WeChat does not know', async () => {
  await using world = await createWorld();
  const input = { idempotencyKey: 'one', audience: { tagId: 999 }, message };
  expect((await world.query<any>(PLAN, { input })).planMassSend).toMatchObject({
    issues: [{ path: ['audience', 'tagId'], message: 'is not a tag of the account' }],
    requests: [],
    jobs: 0,
  });
});

it('shows the campaign that the key stands for already', async () => {
  await using world = await createWorld();
  const input = { idempotencyKey: 'one', audience: { tagId: 100 }, message };
  const query = `query ($input: MassSendInput!) { planMassSend(input: $input) { existingCampaign { idempotencyKey } } }`;
  expect(await world.query(query, { input })).toEqual({ planMassSend: { existingCampaign: null } });
  await world.query(SEND, { input });
  expect(await world.query(query, { input: { ...input, audience: { tagId: 2 } } })).toEqual({
    planMassSend: { existingCampaign: { idempotencyKey: 'one' } },
  });
});

it('makes no call under a key that is taken, and asks WeChat nothing about what breaks a rule', async () => {
  await using world = await createWorld();
  const input = { idempotencyKey: 'one', audience: { tagId: 100 }, message };
  await world.query(SEND, { input });
  const { planMassSend } = await world.query<any>(PLAN, { input });
  expect(planMassSend).toMatchObject({ issues: [], jobs: 0, requests: [], estimatedSeconds: null });
  const asked = world.sandbox.requests.length;
  await world.query(PLAN, { input: { ...input, idempotencyKey: ' ' } });
  expect(world.sandbox.requests).toHaveLength(asked);
});

it('counts who has had four of this month from here', async () => {
  await using world = await createWorld();
  for (let times = 0; times < 4; times++) {
    const accepted = world.sandbox.waitFor('accepted');
    await world.query(SEND, {
      input: { idempotencyKey: `${times}`, audience: { openIds: openIds(3) }, message },
    });
    await accepted;
  }
  const plan = async () =>
    (
      await world.query<any>(PLAN, {
        input: { idempotencyKey: 'five', audience: { openIds: openIds(5) }, message },
      })
    ).planMassSend;
  expect(await plan()).toMatchObject({ recipients: 5, recipientsWithFourThisMonth: 3 });
  await world.clock.advance(31 * 24 * 3_600_000);
  expect(await plan()).toMatchObject({ recipientsWithFourThisMonth: 0 });
});

it('does not count what failed', async () => {
  await using world = await createWorld();
  const audience = { openIds: openIds(2) };
  for (const key of ['1', '2', '3', '4']) {
    const audited = { text: { content: '涉嫌广告' } };
    const pushed = world.sandbox.waitFor('push');
    await world.query(SEND, { input: { idempotencyKey: key, audience, message: audited } });
    await world.clock.advance(1_000);
    await pushed;
  }
  const { planMassSend } = await world.query<any>(PLAN, {
    input: { idempotencyKey: '5', audience, message },
  });
  expect(planMassSend.recipientsWithFourThisMonth).toBe(0);
});
