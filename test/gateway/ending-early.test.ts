import { expect, it } from 'vitest';
import { openIdOf } from '../../src/sandbox/population.ts';
import { untilStatus } from '../kit/campaigns.ts';
import { untilAccepted } from '../kit/endpoints.ts';
import { createWorld, type World } from '../kit/world.ts';

const SEND = `mutation ($input: MassSendInput!) {
  massSend(input: $input) {
    __typename
    ... on MassSendSuccess { campaign { id } }
    ... on WechatError { errcode failedCampaign { id } }
    ... on QuotaExceededError { quota { kind used limit resetAt } }
  }
}`;
const CAMPAIGN = `query ($id: ID!) {
  campaign(id: $id) { status failure { code reason retryable } jobs { status failure { code reason } } }
}`;
const CANCEL = `mutation ($id: ID!) {
  cancelCampaign(id: $id) {
    __typename
    ... on CancelCampaignSuccess { campaign { status } canceled { index } departed { index status } }
    ... on InvalidInputError { issues { path } }
  }
}`;
const TO_OPEN_IDS = '/cgi-bin/message/mass/send';
const TO_FILTER = '/cgi-bin/message/mass/sendall';
const roomy = {
  account: { followers: 60_000, limits: { callsPerDay: 1_000 } },
};
const openIds = Array.from({ length: 30_000 }, (_, index) => openIdOf(index + 1));
const message = { text: { content: 'hello' } };

const send = async (world: World, input: object) =>
  (await world.query<any>(SEND, { input: { idempotencyKey: 'one', message, ...input } })).massSend;
const campaignOf = async (world: World, id: string) => (await world.query<any>(CAMPAIGN, { id })).campaign;

it('cancels what has not left and says what has', async () => {
  await using world = await createWorld(roomy);
  const held = Promise.withResolvers<void>();
  world.sandbox.script(TO_OPEN_IDS, { pass: true }, { gate: held.promise, when: 'before' });
  let calls = 0;
  const second = world.sandbox.waitFor('request', ({ path }) => path === TO_OPEN_IDS && ++calls === 2);
  const { campaign } = await send(world, { audience: { openIds } });
  await second;
  const { cancelCampaign } = await world.query<any>(CANCEL, { id: campaign.id });
  expect(cancelCampaign).toMatchObject({
    __typename: 'CancelCampaignSuccess',
    canceled: [{ index: 2 }],
    departed: [{ index: 0 }, { index: 1, status: 'SUBMITTING' }],
  });
  held.resolve();
});

it('cancels a scheduled campaign before it leaves, and says so again when asked again', async () => {
  await using world = await createWorld();
  const scheduledAt = new Date(world.clock.now().getTime() + 3_600_000).toISOString();
  const { campaign } = await send(world, { audience: { tagId: 100 }, scheduledAt });
  for (let times = 0; times < 2; times++) {
    const { cancelCampaign } = await world.query<any>(CANCEL, { id: campaign.id });
    expect(cancelCampaign).toMatchObject({
      campaign: { status: 'CANCELED' },
      canceled: [{ index: 0 }],
      departed: [],
    });
  }
  await world.clock.advance(2 * 3_600_000);
  expect(world.sandbox.sends(world.appId)).toEqual([]);
  const unknown = await world.query<any>(CANCEL, { id: 'cmp_none' });
  expect(unknown.cancelCampaign.issues).toEqual([{ path: ['id'] }]);
});

it.each([
  [45028, 'a quota that is used up'],
  [48004, 'an account that is banned'],
])('stops the rest of a campaign where WeChat answers %i, %s', async (errcode) => {
  await using world = await createWorld(roomy);
  world.sandbox.script(TO_OPEN_IDS, { errcode });
  const refused = await send(world, { audience: { openIds } });
  expect(refused).toMatchObject({ __typename: 'WechatError', errcode });
  const { status, jobs } = await campaignOf(world, refused.failedCampaign.id);
  expect(status).toBe('FAILED');
  expect(jobs.map((job: any) => [job.status, job.failure.code])).toEqual(Array(3).fill(['FAILED', errcode]));
  expect(world.sandbox.requests.filter(({ path }) => path === TO_OPEN_IDS)).toHaveLength(1);
});

it.each([40130, 40035, 44003])(
  'goes on with the other jobs where one is refused with %i',
  async (errcode) => {
    await using world = await createWorld(roomy);
    world.sandbox.script(TO_OPEN_IDS, { errcode });
    const { campaign } = await send(world, { audience: { openIds } });
    await untilAccepted(world, 2);
    const { jobs } = await campaignOf(world, campaign.id);
    expect(jobs[0].failure.code).toBe(errcode);
  },
);

it('asks WeChat again once the limit that it said was used up is set higher', async () => {
  await using world = await createWorld();
  world.sandbox.script(TO_FILTER, { errcode: 45028 });
  const all = { audience: { all: { confirm: true } } };
  expect(await send(world, all)).toMatchObject({ errcode: 45028 });
  const settings = (sendsToAllPerMonth: number) => ({
    accounts: world.config.accounts.map((account) => ({
      ...account,
      limits: { ...account.limits, sendsToAllPerMonth },
    })),
  });
  await world.restart(settings(4));
  const again = { ...all, idempotencyKey: 'two' };
  expect(await send(world, again)).toMatchObject({ __typename: 'QuotaExceededError', quota: { used: 4 } });
  await world.restart(settings(5));
  expect(await send(world, again)).toMatchObject({ __typename: 'MassSendSuccess' });
});

it("takes WeChat's word that a quota is used up, whatever was counted here, until it resets", async () => {
  await using world = await createWorld();
  world.sandbox.script(TO_FILTER, { errcode: 45028 });
  const all = { audience: { all: { confirm: true } } };
  expect(await send(world, all)).toMatchObject({ errcode: 45028 });
  expect(await send(world, { ...all, idempotencyKey: 'two' })).toMatchObject({
    __typename: 'QuotaExceededError',
    quota: { kind: 'SENDS_TO_ALL', used: 4, limit: 4, resetAt: '2026-06-30T16:00:00.000Z' },
  });
  const calls = world.sandbox.requests.filter(({ path }) => path === TO_FILTER).length;
  expect(calls).toBe(1);
});

it('keeps a send waiting for an administrator, visibly, and sends it once confirmed', async () => {
  await using world = await createWorld();
  world.sandbox.script(TO_FILTER, { errcode: 89501 }, { errcode: 89501 });
  const { campaign } = await send(world, { audience: { all: { confirm: true } } });
  expect(await campaignOf(world, campaign.id)).toMatchObject({
    status: 'PENDING',
    failure: { code: 89501, retryable: true },
  });
  const accepted = world.sandbox.waitFor('accepted');
  for (let minutes = 0; minutes < 2; minutes++) {
    await world.clock.waitForTimer(60_000);
    await world.clock.advance(60_000);
  }
  await accepted;
  expect(world.sandbox.sends(world.appId)).toHaveLength(1);
});

it('ends a send that no administrator has confirmed for half an hour', async () => {
  await using world = await createWorld();
  world.sandbox.script(TO_FILTER, ...Array(60).fill({ errcode: 89503 }));
  const { campaign } = await send(world, { audience: { all: { confirm: true } } });
  const tries = () => world.sandbox.requests.filter(({ path }) => path === TO_FILTER).length;
  for (let minutes = 0; minutes < 30; minutes++) {
    await world.clock.waitForTimer(60_000);
    await world.clock.advance(60_000);
    await expect.poll(tries).toBe(minutes + 2);
  }
  const { failure } = await untilStatus(world, campaign.id, 'FAILED');
  expect(failure?.reason).toContain('nobody did within 30 minutes');
  expect(world.sandbox.sends(world.appId)).toEqual([]);
});
