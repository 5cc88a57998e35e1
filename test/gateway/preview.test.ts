import { expect, it } from 'vitest';
import { makeNews, makeVideo, preview, uploadMedia } from '../kit/actions.ts';
import { calls, lastBody } from '../kit/calls.ts';
import { oneWorld } from '../kit/one-world.ts';
import { withDatabase } from '../kit/seed.ts';
import { createWorld, type World } from '../kit/world.ts';
import { files } from '../sandbox/files.ts';

const PREVIEW = '/cgi-bin/message/mass/preview';
const openId = 'oSandbox_00001';
const text = { text: { content: 'hello' } };

const issuePaths = ({ issues }: any): string[] => issues.map(({ path }: any) => path.join('.'));

const storedPreviews = (world: World) =>
  withDatabase(world, ({ read, tables: t }) => Promise.resolve(read.select().from(t.previews)));

it('goes to one OpenID, as a string', async () => {
  await using world = await createWorld();
  expect(await preview(world, { to: { openId }, message: text })).toEqual({
    __typename: 'PreviewSuccess',
    msgId: expect.stringMatching(/^\d+$/),
  });
  expect(lastBody(world, PREVIEW)).toEqual({ touser: openId, ...text, msgtype: 'text' });
});

it('goes to a WeChat name', async () => {
  await using world = await createWorld();
  expect(await preview(world, { to: { wxName: 'wx_示例' }, message: text })).toMatchObject({
    __typename: 'PreviewSuccess',
  });
  expect(lastBody(world, PREVIEW)).toEqual({ towxname: 'wx_示例', ...text, msgtype: 'text' });
});

it('shows every kind of message in its documented form', async () => {
  await using world = await createWorld();
  const image = (await uploadMedia(world, 'IMAGE', files.png())).mediaId;
  const voice = (await uploadMedia(world, 'VOICE', files.amr())).mediaId;
  const news = await makeNews(world, 1);
  const kinds: [object, object][] = [
    [{ mpnews: { mediaId: news } }, { msgtype: 'mpnews', mpnews: { media_id: news } }],
    [{ voice: { mediaId: voice } }, { msgtype: 'voice', voice: { media_id: voice } }],
    [{ music: { mediaId: voice } }, { msgtype: 'music', music: { media_id: voice } }],
    [{ image: { mediaId: image } }, { msgtype: 'image', image: { media_id: image } }],
    [
      { wxcard: { cardId: 'card', cardExt: '{"code":"","timestamp":"1402057159"}' } },
      { msgtype: 'wxcard', wxcard: { card_id: 'card', card_ext: '{"code":"","timestamp":"1402057159"}' } },
    ],
    [{ wxcard: { cardId: 'card' } }, { msgtype: 'wxcard', wxcard: { card_id: 'card' } }],
  ];
  for (const [message, body] of kinds) {
    expect(await preview(world, { to: { openId }, message })).toMatchObject({ msgId: expect.any(String) });
    expect(lastBody(world, PREVIEW)).toEqual({ touser: openId, ...body });
  }
});

it('is a success without msgId for a video', async () => {
  await using world = await createWorld();
  const mediaId = await makeVideo(world);
  const message = { mpvideo: { mediaId, title: 'T', description: 'D' } };
  expect(await preview(world, { to: { openId }, message })).toEqual({
    __typename: 'PreviewSuccess',
    msgId: null,
  });
  expect(lastBody(world, PREVIEW)).toEqual({
    touser: openId,
    mpvideo: { media_id: mediaId, title: 'T', description: 'D' },
    msgtype: 'mpvideo',
  });
});

const untouched = oneWorld();

it.each([
  ['several pictures', { to: { openId }, message: { images: { mediaIds: ['a'] } } }, ['message.images']],
  ['a blank text', { to: { openId }, message: { text: { content: ' ' } } }, ['message.text.content']],
  ['nobody', { to: { openId: '' }, message: text }, ['to.openId']],
  ['a nameless', { to: { wxName: ' ' }, message: text }, ['to.wxName']],
  ['two people in one', { to: { openId: 'a b' }, message: text }, ['to.openId']],
  [
    'U+0000',
    { to: { openId: 'a\0' }, message: { text: { content: '\0a' } } },
    ['message.text.content', 'to.openId'],
  ],
  [
    'half a pair',
    { to: { wxName: '\udc00' }, message: { voice: { mediaId: '\ud800' } } },
    ['message.voice.mediaId', 'to.wxName'],
  ],
  [
    'everything at once',
    { to: { wxName: '' }, message: { wxcard: { cardId: '' } } },
    ['message.wxcard.cardId', 'to.wxName'],
  ],
])('is refused for %s', async (_, input, expected) => {
  const world = untouched();
  const answer = await preview(world, input);
  expect(answer.__typename).toBe('InvalidInputError');
  expect(issuePaths(answer).sort()).toEqual(expected);
  expect(calls(world)).toEqual([]);
  expect(await storedPreviews(world)).toEqual([]);
});

it.each([[{ openId: 'a', wxName: 'b' }], [{}], [{ openId: null }]])(
  'is refused for %j by the schema',
  async (to) => {
    const world = untouched();
    const query = 'mutation ($input: PreviewInput!) { preview(input: $input) { __typename } }';
    const { body } = await world.post({ query, variables: { input: { to, message: text } } });
    expect(body).toMatchObject({ errors: [{}] });
    expect(calls(world)).toEqual([]);
  },
);

it("passes WeChat's refusals on, and they use nothing up", async () => {
  await using world = await createWorld({ account: { limits: { previewsPerDay: 1 } } });
  expect(await preview(world, { to: { wxName: 'stranger' }, message: text })).toMatchObject({
    __typename: 'WechatError',
    errcode: 40132,
    retryable: false,
  });
  expect(await preview(world, { to: { openId: 'oSandbox_00050' }, message: text })).toMatchObject({
    errcode: 43004,
  });
  expect(await preview(world, { to: { wxName: 'wx_one' }, message: text })).toMatchObject({
    __typename: 'PreviewSuccess',
  });
});

it('counts by WeChat name only, until midnight in Beijing', async () => {
  await using world = await createWorld({ account: { limits: { previewsPerDay: 2 } } });
  const byName = () => preview(world, { to: { wxName: 'wx_one' }, message: text });
  for (const _ of [1, 2]) expect(await byName()).toMatchObject({ __typename: 'PreviewSuccess' });
  expect(await byName()).toMatchObject({
    __typename: 'QuotaExceededError',
    quota: { kind: 'PREVIEWS_PER_DAY', limit: 2, used: 2, remaining: 0, resetAt: '2026-06-01T16:00:00.000Z' },
  });
  expect(calls(world, PREVIEW)).toHaveLength(2);
  expect(await preview(world, { to: { openId }, message: text })).toMatchObject({
    __typename: 'PreviewSuccess',
  });
  await world.clock.advance(14 * 3_600_000);
  expect(await byName()).toMatchObject({ __typename: 'PreviewSuccess' });
});

it('counts none that never left', async () => {
  await using world = await createWorld({ account: { limits: { previewsPerDay: 1 } } });
  const { wechatApiBaseUrl } = world.config;
  const byName = () => preview(world, { to: { wxName: 'wx_one' }, message: text });
  // Nobody listens there.
  await world.restart({ wechatApiBaseUrl: 'http://127.0.0.1:9' });
  for (const _ of [1, 2]) expect(await byName()).toMatchObject({ __typename: 'WechatError', errcode: -1 });
  await world.restart({ wechatApiBaseUrl });
  expect(await byName()).toMatchObject({ __typename: 'PreviewSuccess' });
});

it('makes no campaign', async () => {
  await using world = await createWorld();
  await preview(world, { to: { openId }, message: text });
  expect(await world.query('{ campaigns { totalCount } }')).toEqual({ campaigns: { totalCount: 0 } });
});
