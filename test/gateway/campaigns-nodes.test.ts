import { expect, it } from 'vitest';
import { send, textToTag } from '../kit/actions.ts';
import { oneWorld } from '../kit/one-world.ts';
import { createWorld } from '../kit/world.ts';

const NODE = `query ($id: ID!) { node(id: $id) {
  __typename id
  ... on Campaign { label jobs { id } account { id } }
  ... on SendJob { index clientMsgId }
  ... on Account { appId }
} }`;

it('gives each of the three kinds by its id', async () => {
  await using world = await createWorld();
  const { campaign } = await send(world, textToTag('one', { label: 'L', clientMsgId: 'mine' }));
  const { node } = await world.query<any>(NODE, { id: campaign.id });
  const account = { id: `acc_${world.appId}` };
  expect(node).toEqual({
    __typename: 'Campaign',
    id: campaign.id,
    label: 'L',
    jobs: [{ id: expect.stringMatching(/^job_/) }],
    account,
  });
  const [job] = node.jobs;
  expect(await world.query(NODE, { id: job.id })).toEqual({
    node: { __typename: 'SendJob', id: job.id, index: 0, clientMsgId: 'mine' },
  });
  expect(await world.query(NODE, account)).toEqual({
    node: { __typename: 'Account', id: account.id, appId: world.appId },
  });
});

const untouched = oneWorld();

it.each(['', 'x', 'cmp_', 'job_', 'acc_', 'cmp_unknown', 'job_unknown', 'acc_wx2', 'prv_1', '__proto__'])(
  'gives null for %j, which is the id of nothing',
  async (id) => {
    const world = untouched();
    expect(await world.query(NODE, { id })).toEqual({ node: null });
    expect(await world.query('query ($id: ID!) { campaign(id: $id) { id } }', { id })).toEqual({
      campaign: null,
    });
  },
);

it('does not take the id of another kind for a campaign', async () => {
  await using world = await createWorld();
  await send(world, textToTag('one'));
  const { campaigns } = await world.query<any>('{ campaigns { nodes { jobs { id } } } }');
  const query = 'query ($id: ID!) { campaign(id: $id) { id } }';
  for (const id of [campaigns.nodes[0].jobs[0].id, `acc_${world.appId}`]) {
    expect(await world.query(query, { id })).toEqual({ campaign: null });
  }
});
