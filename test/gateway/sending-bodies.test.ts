import { describe, expect, it } from 'vitest';
import { openIdOf } from '../../src/sandbox/population.ts';
import { makeNews, makeVideo, send, uploadMedia } from '../kit/actions.ts';
import { lastBody } from '../kit/calls.ts';
import { SEND_TO_LIST, SENDALL } from '../kit/endpoints.ts';
import { createWorld, type World } from '../kit/world.ts';
import { files } from '../sandbox/files.ts';

interface Kind {
  name: string;
  material: (world: World) => Promise<string>;
  message: (id: string) => object;
  body: (id: string) => object;
  messageType: string;
}

const media =
  (type: string, bytes: Buffer) =>
  async (world: World): Promise<string> =>
    (await uploadMedia(world, type, bytes)).mediaId;
const nothing = async () => '';

const kinds: Kind[] = [
  {
    name: 'mpnews',
    material: (world) => makeNews(world, 2),
    message: (mediaId) => ({ mpnews: { mediaId } }),
    body: (media_id) => ({ mpnews: { media_id }, msgtype: 'mpnews', send_ignore_reprint: 0 }),
    messageType: 'MPNEWS',
  },
  {
    name: 'text',
    material: nothing,
    message: () => ({ text: { content: '你好 "\\\n🎉' } }),
    body: () => ({ text: { content: '你好 "\\\n🎉' }, msgtype: 'text' }),
    messageType: 'TEXT',
  },
  {
    name: 'voice',
    material: media('VOICE', files.amr()),
    message: (mediaId) => ({ voice: { mediaId } }),
    body: (media_id) => ({ voice: { media_id }, msgtype: 'voice' }),
    messageType: 'VOICE',
  },
  {
    name: 'music',
    material: media('VOICE', files.amr()),
    message: (mediaId) => ({ music: { mediaId } }),
    body: (media_id) => ({ music: { media_id }, msgtype: 'music' }),
    messageType: 'MUSIC',
  },
  {
    name: 'image',
    material: media('IMAGE', files.png()),
    message: (mediaId) => ({ image: { mediaId } }),
    body: (media_id) => ({ image: { media_id }, msgtype: 'image' }),
    messageType: 'IMAGE',
  },
  {
    name: 'images',
    material: media('IMAGE', files.png()),
    message: (mediaId) => ({
      images: {
        mediaIds: [mediaId, mediaId],
        recommend: '看',
        needOpenComment: true,
        onlyFansCanComment: false,
      },
    }),
    body: (media_id) => ({
      images: {
        media_ids: [media_id, media_id],
        recommend: '看',
        need_open_comment: 1,
        only_fans_can_comment: 0,
      },
      msgtype: 'image',
    }),
    messageType: 'IMAGE',
  },
  {
    name: 'mpvideo',
    material: makeVideo,
    message: (mediaId) => ({
      mpvideo: { mediaId, title: 'T', description: 'D', thumbMediaId: 'sandbox_thumb' },
    }),
    body: (media_id) => ({
      mpvideo: { media_id, title: 'T', description: 'D', thumb_media_id: 'sandbox_thumb' },
      msgtype: 'mpvideo',
    }),
    messageType: 'MPVIDEO',
  },
  {
    name: 'wxcard',
    material: nothing,
    message: () => ({ wxcard: { cardId: 'card-1' } }),
    body: () => ({ wxcard: { card_id: 'card-1' }, msgtype: 'wxcard' }),
    messageType: 'WXCARD',
  },
];

const openIds = [openIdOf(1), openIdOf(2), openIdOf(3)];

describe.each(kinds)('a send of $name', ({ material, message, body, messageType }) => {
  it('reaches WeChat in its documented JSON, to everybody, to a tag and to OpenIDs', async () => {
    await using world = await createWorld();
    const id = await material(world);
    const audiences = [
      { audience: { all: { confirm: true } }, path: SENDALL, to: { filter: { is_to_all: true } } },
      { audience: { tagId: 2 }, path: SENDALL, to: { filter: { is_to_all: false, tag_id: 2 } } },
      { audience: { openIds }, path: SEND_TO_LIST, to: { touser: openIds } },
    ];
    for (const [index, { audience, path, to }] of audiences.entries()) {
      const clientMsgId = `own-${index}`;
      const input = { idempotencyKey: `key ${index}`, clientMsgId, audience, message: message(id) };
      expect(await send(world, input)).toMatchObject({
        __typename: 'MassSendSuccess',
        campaign: { status: 'SENDING' },
      });
      expect(lastBody(world, path)).toEqual({ ...to, ...body(id), clientmsgid: clientMsgId });
      await world.clock.advance(1);
    }
    const { campaigns } = await world.query<any>('{ campaigns { nodes { messageType audience { kind } } } }');
    expect(campaigns.nodes).toEqual(
      ['OPEN_IDS', 'TAG', 'ALL'].map((kind) => ({ messageType, audience: { kind } })),
    );
  });
});

it('asks WeChat to go on with allowed reprints as the number 1, and only for articles', async () => {
  await using world = await createWorld();
  const mediaId = await makeNews(world, 1);
  const input = { idempotencyKey: 'news', audience: { tagId: 2 }, sendIgnoreReprint: true };
  await send(world, { ...input, message: { mpnews: { mediaId } } });
  expect(lastBody(world, SENDALL)).toMatchObject({ send_ignore_reprint: 1 });
  await send(world, { ...input, idempotencyKey: 'text', message: { text: { content: 'a' } } });
  expect(lastBody(world, SENDALL)).not.toHaveProperty('send_ignore_reprint');
});

it('leaves out what was not given of pictures and videos', async () => {
  await using world = await createWorld();
  const image = (await uploadMedia(world, 'IMAGE', files.jpg())).mediaId;
  const input = { audience: { tagId: 2 } };
  await send(world, { ...input, idempotencyKey: 'images', message: { images: { mediaIds: [image] } } });
  expect(lastBody(world, SENDALL).images).toEqual({ media_ids: [image] });
  const video = await makeVideo(world);
  await send(world, {
    ...input,
    idempotencyKey: 'video',
    message: { mpvideo: { mediaId: video, title: null } },
  });
  expect(lastBody(world, SENDALL).mpvideo).toEqual({ media_id: video });
});

it('derives a clientmsgid of at most 32 ASCII characters, another one for every key', async () => {
  await using world = await createWorld();
  const ids = new Set<string>();
  for (const idempotencyKey of ['a', 'b', '键'.repeat(200)]) {
    await send(world, { idempotencyKey, audience: { tagId: 2 }, message: { text: { content: 'same' } } });
    const { clientmsgid } = lastBody(world, SENDALL);
    expect(clientmsgid).toMatch(/^[0-9a-z]{1,32}$/);
    ids.add(clientmsgid);
  }
  expect(ids.size).toBe(3);
});
