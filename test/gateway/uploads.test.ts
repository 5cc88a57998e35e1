import { describe, expect, it } from 'vitest';
import { uploadMedia, uploadVideo } from '../kit/actions.ts';
import { calls, lastBody } from '../kit/calls.ts';
import { oneWorld } from '../kit/one-world.ts';
import { amr, mp3 } from '../kit/voices.ts';
import { createWorld, type World } from '../kit/world.ts';
import { files } from '../sandbox/files.ts';

const KB = 1024;
const MB = 1024 * KB;

const UPLOAD_IMAGE = `mutation ($file: File!) {
  uploadImage(file: $file) {
    __typename
    ... on UploadedImage { url }
    ... on InvalidInputError { issues { path message } }
    ... on WechatError { errcode }
  }
}`;

const uploadImage = async (world: World, bytes: Buffer, name = 'a.jpg', type = 'image/jpeg') =>
  (await world.upload(UPLOAD_IMAGE, {}, { file: new File([Uint8Array.from(bytes)], name, { type }) }))
    .uploadImage;

const refusedFile = {
  __typename: 'InvalidInputError',
  issues: [{ path: ['file'], message: expect.any(String) }],
};

const untouched = oneWorld();

describe('an image for articles', () => {
  it.each([
    ['a jpg', files.jpg()],
    ['a png', files.png()],
    ['one byte less than 1 MB', files.png(MB - 1)],
  ])('is taken: %s', async (_, bytes) => {
    await using world = await createWorld();
    expect(await uploadImage(world, bytes)).toEqual({
      __typename: 'UploadedImage',
      url: expect.stringMatching(/^http:\/\/mmbiz\.qpic\.cn\//),
    });
    expect(calls(world).map(({ path }) => path)).toEqual(['/cgi-bin/media/uploadimg']);
  });

  it.each([
    ['exactly 1 MB', files.jpg(MB), 'a.jpg', 'image/jpeg'],
    ['far too large', files.jpg(12 * MB), 'a.jpg', 'image/jpeg'],
    ['a gif by the name of a jpg', Buffer.from('GIF89a'), 'a.jpg', 'image/jpeg'],
    ['text by the name of a png', Buffer.from('hello'), 'a.png', 'image/png'],
    ['empty', Buffer.alloc(0), 'a.png', 'image/png'],
  ])('is refused: %s', async (_, bytes, name, type) => {
    const world = untouched();
    expect(await uploadImage(world, bytes, name, type)).toEqual(refusedFile);
    expect(calls(world)).toEqual([]);
  });

  it('is judged by its bytes where name and type say otherwise', async () => {
    await using world = await createWorld();
    const answer = await uploadImage(world, files.png(), '../图 "片";\u2028.exe', 'text/html; charset=x');
    expect(answer).toMatchObject({ __typename: 'UploadedImage' });
  });
});

describe('a material', () => {
  it.each([
    ['IMAGE', files.png(10 * MB), 'image'],
    ['IMAGE', files.jpg(), 'image'],
    ['IMAGE', Buffer.from('GIF89a'), 'image'],
    ['VOICE', amr(3_000), 'voice'],
    ['VOICE', mp3(2_500), 'voice'],
    ['VOICE', files.mp3(2 * MB), 'voice'],
    ['VIDEO', files.mp4(10 * MB), 'video'],
    ['THUMB', files.jpg(64 * KB), 'thumb'],
  ])('is taken as %s: %#', async (type, bytes, name) => {
    await using world = await createWorld();
    expect(await uploadMedia(world, type, bytes)).toEqual({
      __typename: 'UploadedMedia',
      mediaId: expect.stringMatching(/^[\w-]{20,}$/),
      type: name,
      createdAt: world.clock.now().toISOString(),
    });
    expect(calls(world).map(({ path, query }) => [path, query.type])).toEqual([
      ['/cgi-bin/media/upload', name],
    ]);
  });

  it.each([
    ['IMAGE', files.jpg(10 * MB + 1)],
    ['IMAGE', files.mp4()],
    ['VOICE', files.mp3(2 * MB + 1)],
    ['VOICE', amr(3_050)],
    ['VOICE', mp3(2_542)],
    ['VOICE', files.mp4()],
    ['VIDEO', files.mp4(10 * MB + 1)],
    ['VIDEO', files.jpg()],
    ['THUMB', files.jpg(64 * KB + 1)],
    ['THUMB', files.png()],
    ['THUMB', Buffer.alloc(0)],
  ])('is refused as %s: %#', async (type, bytes) => {
    const world = untouched();
    expect(await uploadMedia(world, type, bytes)).toMatchObject(refusedFile);
    expect(calls(world)).toEqual([]);
  });

  it('is told how long it may be', async () => {
    const world = untouched();
    const { issues } = await uploadMedia(world, 'VOICE', amr(3_050));
    expect(issues).toEqual([{ path: ['file'], message: 'must be at most 60 seconds long, it has 61' }]);
  });
});

describe('a video for sending', () => {
  it('is made of an uploaded one', async () => {
    await using world = await createWorld();
    const { mediaId } = await uploadMedia(world, 'VIDEO', files.mp4());
    const video = await uploadVideo(world, { mediaId, title: '标题 😀', description: '' });
    expect(video).toMatchObject({ __typename: 'UploadedMedia', type: 'video' });
    expect(video.mediaId).not.toBe(mediaId);
    expect(lastBody(world, '/cgi-bin/media/uploadvideo')).toEqual({
      media_id: mediaId,
      title: '标题 😀',
      description: '',
    });
  });

  it('is refused with everything that is wrong', async () => {
    const world = untouched();
    const { issues } = await uploadVideo(world, { mediaId: ' ', title: '', description: 'a\0' });
    expect(issues.map(({ path }: any) => path)).toEqual([['mediaId'], ['title'], ['description']]);
    expect(calls(world)).toEqual([]);
  });

  it("is WeChat's to judge where the id is of no video", async () => {
    await using world = await createWorld();
    const answer = await uploadVideo(world, { mediaId: 'unknown', title: 'Title', description: 'D' });
    expect(answer).toMatchObject({ __typename: 'WechatError', errcode: 40007, retryable: false });
    expect(answer.rid).toMatch(/^[\w-]+$/);
  });
});

it('takes no file that is not one', async () => {
  const world = untouched();
  for (const file of ['text', 1, {}, { name: 'a', contentType: 'b', read: 1 }, null, []]) {
    const { body } = await world.post({ query: UPLOAD_IMAGE, variables: { file } });
    expect(body).toMatchObject({ errors: [{}] });
  }
  expect(
    (await world.post({ query: 'mutation { uploadImage(file: "a") { __typename } }' })).body,
  ).toMatchObject({
    errors: [{}],
  });
  expect(calls(world)).toEqual([]);
});
