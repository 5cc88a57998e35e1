import { expect, it } from 'vitest';
import { send, sendThrough, textToTag } from '../kit/actions.ts';
import { listCampaigns, readCampaign } from '../kit/campaigns.ts';
import { nextRequest, requestsTo, SENDALL } from '../kit/endpoints.ts';
import { createWorld, type World } from '../kit/world.ts';

const CANCEL = `mutation ($id: ID!) {
  cancelCampaign(id: $id) { ... on CancelCampaignSuccess { canceled { status } departed { status } } }
}`;

/** Cancels the only campaign while WeChat has its call before it, and lets it answer then. */
async function cancelDuringCall(world: World, errcode?: number) {
  const gate = Promise.withResolvers<void>();
  const held = { gate: gate.promise };
  world.sandbox.script(SENDALL, errcode ? { ...held, errcode } : { ...held, when: 'before' });
  const called = nextRequest(world, SENDALL);
  const sending = send(world, textToTag('k'));
  await called;
  const [{ id } = { id: '' }] = await listCampaigns(world);
  const { cancelCampaign } = await world.query<any>(CANCEL, { id });
  expect(cancelCampaign).toEqual({ canceled: [], departed: [{ status: 'SUBMITTING' }] });
  gate.resolve();
  return { id, answer: await sending };
}

it('cancels a send that WeChat puts off, where that was wished during the call', async () => {
  await using world = await createWorld();
  const { id, answer } = await cancelDuringCall(world, 42010);
  expect(answer).toMatchObject({ campaign: { id, status: 'CANCELED' } });
  await world.clock.advance(120_000);
  await sendThrough(world, textToTag('another'));
  expect(requestsTo(world, SENDALL)).toHaveLength(2);
  expect(await readCampaign(world, id)).toMatchObject({
    status: 'CANCELED',
    failure: null,
    submittedAt: null,
  });
});

it('does not call back what WeChat accepts all the same', async () => {
  await using world = await createWorld();
  const { id, answer } = await cancelDuringCall(world);
  expect(answer).toMatchObject({ campaign: { id, status: 'SENDING' } });
});
