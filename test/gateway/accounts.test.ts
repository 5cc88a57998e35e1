import { describe, expect, it } from 'vitest';
import { deleteMass, preview, send, textToTag, uploadNews } from '../kit/actions.ts';
import { calls } from '../kit/calls.ts';
import { readCampaign } from '../kit/campaigns.ts';
import { readEvents } from '../kit/event-reading.ts';
import { oneWorld } from '../kit/one-world.ts';
import { createWorld, type World } from '../kit/world.ts';

const FIRST = 'wx1111111111111111';
const OTHER = 'wx2222222222222222';

const createTwo = () =>
  createWorld({
    others: [
      { appId: OTHER, appSecret: 'a secret of the other', type: 'subscription', callbackToken: 'other' },
    ],
  });

const FIELDS = '__typename ... on InvalidInputError { issues { path message } }';
const required = {
  __typename: 'InvalidInputError',
  issues: [{ path: ['account'], message: 'is required: several accounts are configured' }],
};
const unknown = {
  __typename: 'InvalidInputError',
  issues: [{ path: ['account'], message: 'is not an account of this gateway' }],
};

const article = { title: 'T', thumbMediaId: 't', content: 'C' };
const previewOf = (account?: string | null) => ({
  to: { openId: 'oSandbox_00001' },
  message: { text: { content: 'a' } },
  account,
});

async function askEverything(world: World, account: string | null): Promise<any[]> {
  const query = `query ($account: ID) { messageStatus(msgId: "1", account: $account) { ${FIELDS} } }`;
  const speed = `mutation ($account: ID) { setSpeed(level: 1, account: $account) { ${FIELDS} } }`;
  const video = `mutation ($account: ID) { uploadVideo(mediaId: "m", title: "t", description: "d", account: $account) { ${FIELDS} } }`;
  const image = `mutation ($file: File!, $account: ID) { uploadImage(file: $file, account: $account) { ${FIELDS} } }`;
  const media = `mutation ($file: File!, $account: ID) { uploadMedia(type: IMAGE, file: $file, account: $account) { ${FIELDS} } }`;
  const file = new Blob([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')]);
  return [
    await send(world, textToTag('key', { account })),
    await preview(world, previewOf(account)),
    await uploadNews(world, [article], account as string),
    await deleteMass(world, { msgId: '1', account }),
    ...Object.values(await world.query<any>(query, { account })),
    ...Object.values(await world.query<any>(speed, { account })),
    ...Object.values(await world.query<any>(video, { account })),
    ...Object.values(await world.upload(image, { account }, { file })),
    ...Object.values(await world.upload(media, { account }, { file })),
  ];
}

it('an account that is none is told together with everything else that is wrong', async () => {
  await using world = await createTwo();
  const paths = ({ issues }: any) => issues.map(({ path }: any) => path.join('.'));
  const wrong = textToTag('', { account: 'nobody', message: { text: { content: ' ' } } });
  expect(paths(await send(world, wrong))).toEqual(['account', 'idempotencyKey', 'message.text.content']);
  expect(paths(await preview(world, { ...previewOf(null), to: { openId: ' ' } }))).toEqual([
    'account',
    'to.openId',
  ]);
  expect(paths(await uploadNews(world, [{ ...article, title: '' }], 'nobody'))).toEqual([
    'account',
    'articles.0.title',
  ]);
  expect(paths(await deleteMass(world, { msgId: 'x', articleIndex: 9, account: 'nobody' }))).toEqual([
    'account',
    'msgId',
    'articleIndex',
  ]);
  const speed = `mutation { setSpeed(level: 9, account: "nobody") { ${FIELDS} } }`;
  expect(paths((await world.query<any>(speed)).setSpeed)).toEqual(['account', 'level']);
  const image = `mutation ($file: File!) { uploadImage(file: $file, account: "nobody") { ${FIELDS} } }`;
  const { uploadImage } = await world.upload(image, {}, { file: new Blob(['no image']) });
  expect(paths(uploadImage)).toEqual(['account', 'file']);
  expect(calls(world)).toEqual([]);
});

it('what an account sent is out of sight while it is not configured, and holds nothing up', async () => {
  await using world = await createTwo();
  const sent = await send(world, textToTag('kept', { account: OTHER }));
  const { campaign } = await send(world, textToTag('shown', { account: FIRST }));
  const everything = `query ($id: ID!, $job: ID!) {
    campaigns { totalCount nodes { id account { appId } } }
    campaign(id: $id) { id }
    node(id: $job) { id }
  }`;
  const [job] = (await readCampaign(world, sent.campaign.id)).jobs;
  const gone = { id: sent.campaign.id, job: job.id };
  const [first] = world.config.accounts;
  await world.restart({ accounts: [first!] });
  expect(await world.query(everything, gone)).toEqual({
    campaigns: { totalCount: 1, nodes: [{ id: campaign.id, account: { appId: FIRST } }] },
    campaign: null,
    node: null,
  });
  await using events = await readEvents(world, 'SSE', { after: '0' });
  expect((await events.next()).events.campaign?.id).toBe(campaign.id);
  expect(world.log).toContainEqual({
    level: 'warn',
    context: { others: [{ appId: OTHER, campaigns: 1 }] },
    message: expect.stringContaining('not configured'),
  });
  await world.restart();
  expect((await world.query<any>(everything, gone)).campaigns.totalCount).toBe(2);
});

it('no sandbox stands in on a database that has sends of a real account: nothing would reach anybody', async () => {
  const world = await createWorld();
  await send(world, textToTag('real'));
  await expect(world.restart({ accounts: [] })).rejects.toThrow(
    `no account is configured, and the database has sends of ${FIRST}`,
  );
  await world.restart();
  await world[Symbol.asyncDispose]();
});

it('what an account is to send later is not canceled while it is out of sight', async () => {
  await using world = await createTwo();
  const scheduledAt = new Date(world.clock.now().getTime() + 3_600_000).toISOString();
  const { campaign } = await send(world, textToTag('later', { account: OTHER, scheduledAt }));
  const [first] = world.config.accounts;
  await world.restart({ accounts: [first!] });
  const cancel = 'mutation ($id: ID!) { cancelCampaign(id: $id) { __typename } }';
  expect(await world.query(cancel, { id: campaign.id })).toEqual({
    cancelCampaign: { __typename: 'InvalidInputError' },
  });
  await world.restart();
  expect((await readCampaign(world, campaign.id)).status).toBe('PENDING');
});

describe('with one account', () => {
  it('it need not be named, and may be', async () => {
    await using world = await createWorld();
    const account = { id: `acc_${FIRST}`, appId: FIRST, name: FIRST, type: 'SERVICE', sandbox: false };
    const fields = '{ id appId name type sandbox }';
    expect(await world.query(`{ accounts ${fields} account ${fields} }`)).toEqual({
      accounts: [account],
      account,
    });
    expect(await world.query(`{ account(appId: "${FIRST}") ${fields} }`)).toEqual({ account });
    expect(await world.query(`{ account(appId: "nobody") ${fields} }`)).toEqual({ account: null });
    expect(await send(world, textToTag('a', { account: null }))).toMatchObject({
      __typename: 'MassSendSuccess',
    });
    expect(await send(world, textToTag('b', { account: FIRST }))).toMatchObject({
      __typename: 'MassSendSuccess',
    });
  });

  const untouched = oneWorld();

  it.each(['nobody', '', FIRST.toUpperCase(), ` ${FIRST}`])('%j is none', async (account) => {
    const world = untouched();
    for (const answer of await askEverything(world, account)) expect(answer).toMatchObject(unknown);
    const query = 'query ($account: ID) { campaignByMsgId(msgId: "1", account: $account) { id } }';
    const { body } = await world.post({ query, variables: { account } });
    expect(body).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
    expect(calls(world)).toEqual([]);
  });
});

describe('with several accounts', () => {
  it('each call has to name one', async () => {
    await using world = await createTwo();
    for (const answer of await askEverything(world, null)) expect(answer).toMatchObject(required);
    for (const query of ['{ account { id } }', '{ campaignByMsgId(msgId: "1") { id } }']) {
      expect((await world.post({ query })).body).toMatchObject({
        errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
      });
    }
    expect(calls(world)).toEqual([]);
  });

  it('each speaks with its own token', async () => {
    await using world = await createTwo();
    const query =
      'query ($first: ID, $other: ID) { a: account(appId: $first) { tags { id } } b: account(appId: $other) { tags { id } } }';
    await world.query(query, { first: FIRST, other: OTHER });
    const asked = world.sandbox.requests.filter(({ path }) => path.endsWith('token'));
    expect(asked.map(({ body }) => JSON.parse(body).appid).sort()).toEqual([FIRST, OTHER]);
    expect(new Set(calls(world).map(({ query: { access_token } }) => access_token)).size).toBe(2);
  });

  it('the same idempotencyKey is another send in another account', async () => {
    await using world = await createTwo();
    const first = await send(world, textToTag('key', { account: FIRST }));
    const other = await send(world, textToTag('key', { account: OTHER }));
    expect([first.replayed, other.replayed]).toEqual([false, false]);
    expect(other.campaign.id).not.toBe(first.campaign.id);
    expect(await send(world, textToTag('key', { account: OTHER }))).toMatchObject({
      replayed: true,
      campaign: { id: other.campaign.id },
    });
    const [one, two] = calls(world).map(({ body }) => JSON.parse(body).clientmsgid);
    expect(one).not.toBe(two);
    expect([FIRST, OTHER].map((appId) => world.sandbox.sends(appId).length)).toEqual([1, 1]);
    const { campaigns } = await world.query<any>(
      '{ campaigns { nodes { idempotencyKey account { appId } } } }',
    );
    expect(campaigns.nodes.map(({ account }: any) => account.appId).sort()).toEqual([FIRST, OTHER]);
  });

  it('a msgId is looked up in its own account only', async () => {
    await using world = await createTwo();
    const { campaign } = await send(world, textToTag('key', { account: FIRST }));
    const query =
      'query ($msgId: ID!, $account: ID) { campaignByMsgId(msgId: $msgId, account: $account) { id } }';
    const { msgId } = campaign;
    expect(await world.query(query, { msgId, account: FIRST })).toEqual({
      campaignByMsgId: { id: campaign.id },
    });
    expect(await world.query(query, { msgId, account: OTHER })).toEqual({ campaignByMsgId: null });
  });

  it('each has the quotas of its kind', async () => {
    await using world = await createTwo();
    await send(world, textToTag('key', { account: OTHER }));
    const { accounts } = await world.query<any>(
      '{ accounts { type quotas { kind limit used remaining resetAt } } }',
    );
    const [first, other] = accounts.map(({ quotas }: any) =>
      quotas.map((quota: any) => [quota.kind, quota.used, quota.limit]),
    );
    expect(first).toEqual([
      ['SEND_CALLS_PER_MINUTE', 0, 60],
      ['SEND_CALLS_PER_DAY', 0, 100],
      ['SENDS_TO_ALL', 0, 4],
      ['PREVIEWS_PER_DAY', 0, 100],
    ]);
    expect(other).toEqual([
      ['SEND_CALLS_PER_MINUTE', 1, 60],
      ['SEND_CALLS_PER_DAY', 1, 1],
      ['SENDS_TO_ALL', 0, 1],
      ['PREVIEWS_PER_DAY', 0, 100],
    ]);
    const { resetAt } = accounts[0].quotas[2];
    expect(resetAt).toBe('2026-06-30T16:00:00.000Z');
  });
});
