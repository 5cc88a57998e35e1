import { expect, it } from 'vitest';
import { createWorld } from '../kit/world.ts';

const SEND = `mutation ($input: MassSendInput!) {
  massSend(input: $input) {
    __typename
    ... on MassSendSuccess { replayed campaign { id status msgId counts { total eligible sent failed } } }
    ... on Error { message }
  }
}`;

const CAMPAIGN = `query ($id: ID!) { campaign(id: $id) { status msgId counts { total eligible sent failed } failure { reason } } }`;

it('sends a text to a tag and tells its result once WeChat has pushed it', async () => {
  await using world = await createWorld();
  const { massSend } = await world.query<any>(SEND, {
    input: { idempotencyKey: 'one', audience: { tagId: 100 }, message: { text: { content: 'hello' } } },
  });
  expect(massSend).toMatchObject({
    __typename: 'MassSendSuccess',
    replayed: false,
    campaign: { status: 'SENDING' },
  });
  const pushed = world.sandbox.waitFor('push');
  await world.clock.advance(5_000);
  await pushed;
  const { campaign } = await world.query<any>(CAMPAIGN, { id: massSend.campaign.id });
  expect(campaign).toEqual({
    status: 'SENT',
    msgId: world.sandbox.sends(world.appId)[0]?.msgId,
    counts: { total: 2450, eligible: 2400, sent: 2400, failed: 0 },
    failure: null,
  });
});
