import { describe, expect, it } from 'vitest';
import { finishedXml } from '../callback/kit.ts';
import { deleteMass, makeNews, makeVideo, send, sendThrough, textToTag } from '../kit/actions.ts';
import { calls, lastBody } from '../kit/calls.ts';
import { untilStatus } from '../kit/campaigns.ts';
import { SENDALL, STATUS } from '../kit/endpoints.ts';
import { oneWorld } from '../kit/one-world.ts';
import { runSql } from '../kit/sql.ts';
import { createWorld, type World } from '../kit/world.ts';

const DELETE = '/cgi-bin/message/mass/delete';

const issuePaths = ({ issues }: any): string[] => issues.map(({ path }: any) => path.join('.'));

const newsToTag = (idempotencyKey: string, mediaId: string) => ({
  idempotencyKey,
  audience: { tagId: 100 },
  message: { mpnews: { mediaId } },
});

async function stateOf(world: World, id: string): Promise<any> {
  const query = 'query ($id: ID!) { campaign(id: $id) { status deletedAt jobs { status } } }';
  return (await world.query<any>(query, { id })).campaign;
}

describe('the whole of a send', () => {
  it.each([
    ['without an index', {}],
    ['by the index 0', { articleIndex: 0 }],
    ['by a null', { articleIndex: null }],
  ])('is deleted %s', async (_, variables) => {
    await using world = await createWorld();
    const { id, msgId } = await sendThrough(world, newsToTag('one', await makeNews(world, 2)));
    const at = world.clock.now().toISOString();
    expect(await deleteMass(world, { msgId, ...variables })).toEqual({
      __typename: 'DeleteMassSuccess',
      campaign: { id, status: 'DELETED', deletedAt: at },
      alsoInvalidated: [],
    });
    const [request] = calls(world, DELETE);
    expect(request?.body).toBe(`{"msg_id":${msgId}}`);
    expect(await stateOf(world, id)).toEqual({
      status: 'DELETED',
      deletedAt: at,
      jobs: [{ status: 'DELETED' }],
    });
  });

  it('is deleted for a video, too, and once more without harm', async () => {
    await using world = await createWorld();
    const message = { mpvideo: { mediaId: await makeVideo(world) } };
    const { msgId } = await sendThrough(world, { ...textToTag('one'), message });
    const first = await deleteMass(world, { msgId });
    expect(first).toMatchObject({ campaign: { status: 'DELETED' } });
    await world.clock.advance(60_000);
    expect(await deleteMass(world, { msgId })).toEqual(first);
  });

  it('takes the other sends of its material along, as WeChat says when it is asked', async () => {
    await using world = await createWorld();
    const mediaId = await makeNews(world, 2);
    const one = await sendThrough(world, newsToTag('one', mediaId));
    const two = await sendThrough(world, newsToTag('two', mediaId));
    const other = await sendThrough(world, newsToTag('other', await makeNews(world, 1)));
    await deleteMass(world, { msgId: one.msgId });
    await untilStatus(world, two.id, 'DELETED');
    const { articles } = (
      await world.query<any>('query ($id: ID!) { campaign(id: $id) { articles { deletedAt } } }', {
        id: two.id,
      })
    ).campaign;
    expect(articles).toEqual(Array(2).fill({ deletedAt: world.clock.now().toISOString() }));
    expect(await stateOf(world, other.id)).toMatchObject({ status: 'SENT', deletedAt: null });
  });

  it('takes the others along also where WeChat does not answer at first, and asks no more once it did', async () => {
    await using world = await createWorld();
    const mediaId = await makeNews(world, 1);
    const one = await sendThrough(world, newsToTag('one', mediaId));
    const two = await sendThrough(world, newsToTag('two', mediaId));
    const STATUS = '/cgi-bin/message/mass/get';
    world.sandbox.script(STATUS, { errcode: -1 }, { errcode: -1 });
    const asked = calls(world, STATUS).length;
    await deleteMass(world, { msgId: one.msgId });
    for (const minutes of [2, 4]) {
      await world.clock.waitForTimer(minutes * 60_000);
      await world.clock.advance(minutes * 60_000);
    }
    await untilStatus(world, two.id, 'DELETED');
    await world.clock.advance(24 * 3_600_000);
    expect(calls(world, STATUS)).toHaveLength(asked + 3);
  });

  it('is told to subscribers', async () => {
    await using world = await createWorld();
    const { id, msgId } = await sendThrough(world, newsToTag('one', await makeNews(world, 1)));
    const query = 'subscription ($id: ID!) { campaignUpdated(id: $id) { status } }';
    await using updates = await world.subscribe<any>('SSE', query, { id });
    expect((await updates.next()).campaignUpdated.status).toBe('SENT');
    await deleteMass(world, { msgId });
    expect((await updates.next()).campaignUpdated.status).toBe('DELETED');
  });
});

describe('one article', () => {
  it('is deleted alone, and the send is once all of them are', async () => {
    await using world = await createWorld();
    const { id, msgId } = await sendThrough(world, newsToTag('one', await makeNews(world, 3)));
    for (const articleIndex of [2, 1, 2]) {
      expect(await deleteMass(world, { msgId, articleIndex })).toMatchObject({
        campaign: { status: 'SENT', deletedAt: null },
      });
      expect(lastBody(world, DELETE)).toEqual({ msg_id: Number(msgId), article_idx: articleIndex });
    }
    const at = world.clock.now().toISOString();
    expect(await deleteMass(world, { msgId, articleIndex: 3 })).toMatchObject({
      campaign: { id, status: 'DELETED', deletedAt: at },
    });
    expect(await stateOf(world, id)).toMatchObject({ status: 'DELETED', jobs: [{ status: 'DELETED' }] });
  });

  it('is told of as it is then, by each of several deletions of one operation', async () => {
    await using world = await createWorld();
    const { msgId } = await sendThrough(world, newsToTag('one', await makeNews(world, 2)));
    const deletion = (index: number) => `deleteMass(msgId: "${msgId}", articleIndex: ${index}) {
      ... on DeleteMassSuccess { campaign { status jobs { status } } }
    }`;
    expect(await world.query(`mutation { first: ${deletion(1)} last: ${deletion(2)} }`)).toEqual({
      first: { campaign: { status: 'SENT', jobs: [{ status: 'SENT' }] } },
      last: { campaign: { status: 'DELETED', jobs: [{ status: 'DELETED' }] } },
    });
  });

  it('is gone from every send of its material, and whoever watches one of those is told', async () => {
    await using world = await createWorld();
    const mediaId = await makeNews(world, 2);
    const first = await sendThrough(world, newsToTag('first', mediaId));
    const second = await sendThrough(world, newsToTag('second', mediaId));
    const articles = 'articles { index deletedAt }';
    await using updates = await world.subscribe<any>(
      'SSE',
      `subscription ($id: ID!) { campaignUpdated(id: $id) { status ${articles} } }`,
      { id: second.id },
    );
    await updates.next();
    await deleteMass(world, { msgId: first.msgId, articleIndex: 2 });
    const deletedAt = world.clock.now().toISOString();
    expect((await updates.next()).campaignUpdated).toEqual({
      status: 'SENT',
      articles: [
        { index: 1, deletedAt: null },
        { index: 2, deletedAt },
      ],
    });
  });

  it('is not said to be gone from a send of its material that never left, or has not yet', async () => {
    await using world = await createWorld();
    const mediaId = await makeNews(world, 2);
    const sent = await sendThrough(world, newsToTag('sent', mediaId));
    const scheduledAt = new Date(world.clock.now().getTime() + 3_600_000).toISOString();
    const [waiting, canceled] = await Promise.all(
      ['waiting', 'canceled'].map((key) => send(world, { ...newsToTag(key, mediaId), scheduledAt })),
    );
    const cancel = 'mutation ($id: ID!) { cancelCampaign(id: $id) { __typename } }';
    await world.query(cancel, { id: canceled.campaign.id });
    const events = () => runSql(world.config.databaseUrl, 'select id from events');
    const before = (await events()).length;
    await deleteMass(world, { msgId: sent.msgId, articleIndex: 2 });
    expect(await events()).toHaveLength(before + 1);
    const query = 'query ($id: ID!) { campaign(id: $id) { articles { deletedAt } } }';
    for (const { id } of [waiting.campaign, canceled.campaign]) {
      expect(await world.query(query, { id })).toEqual({
        campaign: { articles: [{ deletedAt: null }, { deletedAt: null }] },
      });
    }
  });

  it("is WeChat's to refuse where there is none of that number", async () => {
    await using world = await createWorld();
    const { id, msgId } = await sendThrough(world, newsToTag('one', await makeNews(world, 1)));
    expect(await deleteMass(world, { msgId, articleIndex: 2 })).toMatchObject({
      __typename: 'WechatError',
      errcode: 40060,
    });
    expect(await stateOf(world, id)).toMatchObject({ status: 'SENT', deletedAt: null });
  });
});

it('names the other campaigns whose links die with it, and no others', async () => {
  await using world = await createWorld();
  const mediaId = await makeNews(world, 2);
  const first = await sendThrough(world, newsToTag('first', mediaId));
  const second = await sendThrough(world, newsToTag('second', mediaId));
  await sendThrough(world, newsToTag('another', await makeNews(world, 1)));
  await sendThrough(world, textToTag('text'));
  const third = await send(world, newsToTag('third', mediaId));
  const answer = await deleteMass(world, { msgId: first.msgId });
  expect(answer.campaign.id).toBe(first.id);
  expect(answer.alsoInvalidated.map(({ id }: any) => id).sort()).toEqual(
    [second.id, third.campaign.id].sort(),
  );
});

describe('is refused here, and WeChat not asked', () => {
  const untouched = oneWorld();

  it.each([
    ['an index of 9', { msgId: '1000000001', articleIndex: 9 }, ['articleIndex']],
    ['an index of -1', { msgId: '1000000001', articleIndex: -1 }, ['articleIndex']],
    ['an id that is none', { msgId: 'abc' }, ['msgId']],
    ['an id of 0', { msgId: '0' }, ['msgId']],
    ['an id with more in it', { msgId: '1}' }, ['msgId']],
    ['a blank id', { msgId: ' ' }, ['msgId']],
    ['U+0000', { msgId: '1\0' }, ['msgId']],
    ['both', { msgId: '', articleIndex: 9 }, ['articleIndex', 'msgId']],
  ])('%s', async (_, variables, expected) => {
    const world = untouched();
    const answer = await deleteMass(world, variables);
    expect(answer.__typename).toBe('InvalidInputError');
    expect(issuePaths(answer).sort()).toEqual(expected);
    expect(calls(world)).toEqual([]);
  });

  it('a text, whatever the index', async () => {
    await using world = await createWorld();
    const { msgId, id } = await sendThrough(world, textToTag('one'));
    for (const articleIndex of [null, 1]) {
      const answer = await deleteMass(world, { msgId, articleIndex });
      expect(answer).toMatchObject({ __typename: 'InvalidInputError', issues: [{ path: ['msgId'] }] });
      expect(answer.message).toContain('only mpnews and mpvideo');
    }
    expect(calls(world, DELETE)).toEqual([]);
    expect(await stateOf(world, id)).toMatchObject({ status: 'SENT' });
  });

  it('a text by an index that no news has, for both reasons', async () => {
    await using world = await createWorld();
    const { msgId } = await sendThrough(world, textToTag('one'));
    const answer = await deleteMass(world, { msgId, articleIndex: 9 });
    expect(issuePaths(answer).sort()).toEqual(['articleIndex', 'msgId']);
    expect(calls(world, DELETE)).toEqual([]);
  });

  it('a send that failed its audit', async () => {
    await using world = await createWorld();
    world.sandbox.scriptPush({ status: 'err(10001)' });
    const { msgId, id } = await sendThrough(world, newsToTag('one', await makeNews(world, 1)));
    expect(await stateOf(world, id)).toMatchObject({ status: 'FAILED' });
    const answer = await deleteMass(world, { msgId });
    expect(answer).toMatchObject({ __typename: 'InvalidInputError', issues: [{ path: ['msgId'] }] });
    expect(calls(world, DELETE)).toEqual([]);
  });
});

describe("is WeChat's to judge", () => {
  it('where the id was not sent here', async () => {
    await using world = await createWorld();
    expect(await deleteMass(world, { msgId: '90261533849829378' })).toMatchObject({
      __typename: 'WechatError',
      errcode: 40059,
    });
    expect(calls(world, DELETE)[0]?.body).toBe('{"msg_id":90261533849829378}');
    world.sandbox.script(DELETE, { body: '{"errcode":0,"errmsg":"ok"}' });
    expect(await deleteMass(world, { msgId: '1234567890', articleIndex: 8 })).toEqual({
      __typename: 'DeleteMassSuccess',
      campaign: null,
      alsoInvalidated: [],
    });
  });

  it('where the send is on its way, as far as is known here', async () => {
    await using world = await createWorld();
    const { campaign } = await send(world, newsToTag('one', await makeNews(world, 1)));
    expect(await deleteMass(world, { msgId: campaign.msgId })).toMatchObject({ errcode: 40059 });
    expect(await stateOf(world, campaign.id)).toMatchObject({ status: 'SENDING' });
  });

  it('where nothing came back, and the campaign stays as it is', async () => {
    await using world = await createWorld();
    const { msgId, id } = await sendThrough(world, newsToTag('one', await makeNews(world, 1)));
    world.sandbox.script(DELETE, { drop: 'after' });
    expect(await deleteMass(world, { msgId })).toMatchObject({
      __typename: 'WechatError',
      errcode: -1,
      retryable: true,
    });
    expect(await stateOf(world, id)).toMatchObject({ status: 'SENT' });
    expect(await deleteMass(world, { msgId })).toMatchObject({ campaign: { status: 'DELETED' } });
  });

  it('where nothing came back: it is asked a minute later', async () => {
    await using world = await createWorld();
    const { msgId, id } = await sendThrough(world, newsToTag('one', await makeNews(world, 1)));
    world.sandbox.script(DELETE, { drop: 'after' });
    await deleteMass(world, { msgId });
    await world.clock.waitForTimer(60_000);
    await world.clock.advance(60_000);
    await untilStatus(world, id, 'DELETED');
  });

  it('where nothing came back: it is asked all the same where somebody asks or its result comes meanwhile', async () => {
    await using world = await createWorld();
    const { msgId, id } = await sendThrough(world, newsToTag('one', await makeNews(world, 1)));
    world.sandbox.script(DELETE, { drop: 'after' });
    await deleteMass(world, { msgId });
    world.sandbox.script(STATUS, { body: `{"msg_id":${msgId},"msg_status":"SEND_SUCCESS"}` });
    const query = 'query ($msgId: ID!) { messageStatus(msgId: $msgId) { ... on MessageStatus { status } } }';
    expect(await world.query(query, { msgId })).toEqual({ messageStatus: { status: 'SENT' } });
    expect(await world.sandbox.push(world.appId, finishedXml({ msgId }))).toBe(true);
    await world.clock.advance(60_000);
    await untilStatus(world, id, 'DELETED');
  });

  it('where nothing came back: the other sends of its material follow, however often they were asked for before', async () => {
    await using world = await createWorld();
    const mediaId = await makeNews(world, 1);
    const first = await sendThrough(world, newsToTag('first', mediaId));
    const second = await sendThrough(world, newsToTag('second', mediaId));
    await runSql(world.config.databaseUrl, 'update jobs set polls = 15');
    world.sandbox.script(DELETE, { drop: 'after' });
    world.sandbox.script(STATUS, { errcode: -1 });
    await deleteMass(world, { msgId: first.msgId });
    for (const pause of [60_000, 120_000]) {
      await world.clock.waitForTimer(pause);
      await world.clock.advance(pause);
    }
    await untilStatus(world, first.id, 'DELETED');
    await untilStatus(world, second.id, 'DELETED');
  });

  it.each(['{}', '{"error":"bad gateway"}', '{"errcode":"","errmsg":"ok"}', '{"errcode":null}'])(
    "where an answer is not WeChat's, as %s is not",
    async (body) => {
      await using world = await createWorld();
      const { msgId, id } = await sendThrough(world, newsToTag('one', await makeNews(world, 1)));
      world.sandbox.script(DELETE, { body });
      expect(await deleteMass(world, { msgId })).toMatchObject({ __typename: 'WechatError', errcode: -1 });
      expect(await stateOf(world, id)).toMatchObject({ status: 'SENT' });
    },
  );
});

it('takes an id as a number as long as JSON does not round it', async () => {
  await using world = await createWorld();
  const ok = { body: '{"errcode":0}' };
  world.sandbox.script(DELETE, ok, ok, ok);
  await deleteMass(world, { msgId: 9007199254740991 });
  await world.query('mutation { deleteMass(msgId: 90261533849829378) { __typename } }');
  expect(calls(world, DELETE).map(({ body }) => body)).toEqual([
    '{"msg_id":9007199254740991}',
    '{"msg_id":90261533849829378}',
  ]);
  const query = 'mutation ($msgId: ID!) { deleteMass(msgId: $msgId) { __typename } }';
  await using results = await world.subscribe('WebSocket', query, { msgId: 2 ** 53 });
  await expect(results.next()).rejects.toThrow('BAD_USER_INPUT');
  const response = await fetch(`${world.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: `{"query":${JSON.stringify(query)},"variables":{"msgId":90261533849829378}}`,
  });
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  expect(calls(world, DELETE)).toHaveLength(2);
});

it('names a campaign too that sends the same material and whose outcome is unknown', async () => {
  await using world = await createWorld();
  const mediaId = await makeNews(world, 2);
  const first = await sendThrough(world, newsToTag('first', mediaId));
  world.sandbox.script(SENDALL, { drop: 'after' });
  const second = await send(world, newsToTag('second', mediaId));
  expect(second.campaign.status).toBe('UNKNOWN');
  const answer = await deleteMass(world, { msgId: first.msgId });
  expect(answer.alsoInvalidated.map(({ id }: any) => id)).toEqual([second.campaign.id]);
});

it('does not take a send for deleted because the only article that is known of it was', async () => {
  await using world = await createWorld();
  const { id, msgId } = await sendThrough(world, newsToTag('one', await makeNews(world, 2)));
  // As for a material that was uploaded elsewhere and whose result event names one article only.
  await runSql(world.config.databaseUrl, `delete from job_articles where "index" = 1`);
  await runSql(world.config.databaseUrl, 'update job_articles set title = null');
  await using updates = await world.subscribe<any>(
    'SSE',
    'subscription ($id: ID!) { campaignUpdated(id: $id) { status articles { index deletedAt } } }',
    { id },
  );
  await updates.next();
  await deleteMass(world, { msgId, articleIndex: 2 });
  const deletedAt = world.clock.now().toISOString();
  expect((await updates.next()).campaignUpdated).toEqual({
    status: 'SENT',
    articles: [{ index: 2, deletedAt }],
  });
});

it('asks WeChat whether the article of a material that was made elsewhere was the only one', async () => {
  await using world = await createWorld();
  const mediaId = await makeNews(world, 1);
  await runSql(world.config.databaseUrl, 'delete from material_articles');
  const { id, msgId } = await sendThrough(world, newsToTag('one', mediaId));
  await deleteMass(world, { msgId, articleIndex: 1 });
  await untilStatus(world, id, 'DELETED');
});

it('deletes the whole of a video by the index of its only part', async () => {
  await using world = await createWorld();
  const video = { mpvideo: { mediaId: await makeVideo(world) } };
  const { msgId } = await sendThrough(world, { ...newsToTag('one', ''), message: video });
  expect(await deleteMass(world, { msgId, articleIndex: 1 })).toMatchObject({
    campaign: { status: 'DELETED' },
  });
  expect(await runSql(world.config.databaseUrl, 'select * from job_articles')).toEqual([]);
});

it('remembers the deletion of an article that only a later result event tells of', async () => {
  await using world = await createWorld();
  world.sandbox.scriptPush({ late: 60_000 });
  const { campaign } = await send(world, newsToTag('one', await makeNews(world, 2)));
  await runSql(world.config.databaseUrl, 'delete from job_articles');
  world.sandbox.script('/cgi-bin/message/mass/delete', { body: '{"errcode":0,"errmsg":"ok"}' });
  await deleteMass(world, { msgId: campaign.msgId, articleIndex: 2 });
  const deletedAt = world.clock.now().toISOString();
  const pushed = world.sandbox.waitFor('push');
  await world.clock.advance(62_000);
  await pushed;
  const query = 'query ($id: ID!) { campaign(id: $id) { status articles { index deletedAt } } }';
  expect((await world.query<any>(query, { id: campaign.id })).campaign).toEqual({
    status: 'SENT',
    articles: [
      { index: 1, deletedAt: null },
      { index: 2, deletedAt },
    ],
  });
});
