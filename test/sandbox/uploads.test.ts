import { expect, it } from 'vitest';
import { mp3 } from '../kit/voices.ts';
import { files } from './files.ts';
import { mass, openIds, startSandbox, toTag } from './kit.ts';

const KB = 1024;
const MB = 1024 * KB;
const DAY = 86_400_000;

it.each([
  ['image', files.png(10 * MB)],
  ['image', files.jpg()],
  ['voice', files.mp3(2 * MB)],
  ['voice', files.amr(60)],
  ['video', files.mp4(10 * MB)],
])('takes a documented %s', async (type, file) => {
  await using started = await startSandbox();
  expect(await started.upload(`/cgi-bin/media/upload?type=${type}`, file)).toEqual({
    type,
    media_id: expect.stringMatching(/^[\w-]{64}$/),
    created_at: started.clock.now().getTime() / 1000,
  });
});

it('answers the id of a thumb under its own name', async () => {
  await using started = await startSandbox();
  expect(await started.upload('/cgi-bin/media/upload?type=thumb', files.jpg(64 * KB))).toEqual({
    type: 'thumb',
    thumb_media_id: expect.any(String),
    created_at: expect.any(Number),
  });
});

it.each([
  ['an unknown type', 'music', files.mp3(), 40004],
  ['a png for a thumb', 'thumb', files.png(), 40005],
  ['an mp3 for an image', 'image', files.mp3(), 40005],
  ['text for a video', 'video', Buffer.from('not a video'), 40005],
  ['an empty file', 'image', Buffer.alloc(0), 40006],
  ['an image that is too large', 'image', files.jpg(10 * MB + 1), 40006],
  ['a voice that is too large', 'voice', files.mp3(2 * MB + 1), 40006],
  ['an mp3 that plays for more than a minute', 'voice', mp3(2_501), 45007],
  ['a thumb that is too large', 'thumb', files.jpg(64 * KB + 1), 40006],
  ['a voice that is too long', 'voice', files.amr(61), 45007],
])('refuses %s', async (_, type, file, errcode) => {
  await using started = await startSandbox();
  expect(await started.upload(`/cgi-bin/media/upload?type=${type}`, file)).toMatchObject({ errcode });
});

it('refuses a form without the file, and what is no form', async () => {
  await using started = await startSandbox();
  const { upload, call } = started;
  const path = '/cgi-bin/media/upload?type=image';
  expect(await upload(path, files.png(), 'file')).toMatchObject({ errcode: 41005 });
  expect(await call(path, { media: 'a' })).toMatchObject({ errcode: 41005 });
});

it('takes images for articles below 1 MB, jpg and png only', async () => {
  await using started = await startSandbox();
  const upload = (file: Buffer) => started.upload('/cgi-bin/media/uploadimg', file);
  expect(await upload(files.jpg(MB - 1))).toEqual({ url: expect.stringMatching(/^http:/) });
  expect(await upload(files.jpg(MB))).toMatchObject({ errcode: 40009 });
  expect(await upload(Buffer.from('GIF89a'))).toMatchObject({ errcode: 40005 });
});

it('forgets temporary media after three days, and keeps articles and videos for sending', async () => {
  await using started = await startSandbox();
  const { clock, call, fetchToken, addMedia, addNews, addVideo } = started;
  const [image, news, video] = [await addMedia('image'), await addNews('content'), await addVideo()];
  const send = async (msgtype: string, media_id: string) =>
    call(mass('sendall'), { ...toTag(2), msgtype, [msgtype]: { media_id } });
  await clock.advance(3 * DAY);
  await fetchToken();
  expect(await send('image', image)).toMatchObject({ errcode: 40007 });
  expect(await send('mpnews', news)).toMatchObject({ errcode: 0 });
  expect(await send('mpvideo', video)).toMatchObject({ errcode: 0 });
});

it('makes a video that can be sent of an uploaded one only', async () => {
  await using started = await startSandbox();
  const { call, addMedia } = started;
  const make = (fields: object) => call('/cgi-bin/media/uploadvideo', fields);
  const title = 'TITLE';
  const media_id = await addMedia('video');
  expect(await make({ media_id, title, description: 'Description' })).toMatchObject({ type: 'video' });
  expect(await make({ media_id: await addMedia('image'), title })).toMatchObject({ errcode: 40007 });
  expect(await make({ title })).toMatchObject({ errcode: 41006 });
  expect(await make({ media_id })).toMatchObject({ errcode: 40035 });
});

it.each([
  ['no articles', [], 44003],
  ['nine articles', Array(9).fill({}), 45008],
  ['a title that is too long', [{ title: '长'.repeat(65) }], 45003],
  [
    'a mini-program card whose title is too long',
    [{ content: `<a data-miniprogram-title="${'长'.repeat(36)}">x</a>` }],
    45003,
  ],
  ['no title', [{ title: undefined }], 40035],
  ['a blank title', [{ title: ' ' }], 40035],
  ['a title that is no string', [{ title: 1 }], 47001],
  ['content of 20,000 characters', [{ content: '文'.repeat(20_000) }], 45003],
  ['no content', [{ content: '' }], 44004],
  ['a digest that is too long', [{ digest: '摘'.repeat(129) }], 45004],
  ['an address that is too long', [{ content_source_url: `http://${'a'.repeat(1024)}` }], 45005],
  ['show_cover_pic as a string', [{ show_cover_pic: '1' }], 47001],
  ['show_cover_pic as a boolean', [{ show_cover_pic: true }], 47001],
  ['show_cover_pic out of range', [{ show_cover_pic: 2 }], 40035],
  ['an author that is no string', [{ author: 7 }], 47001],
  ['an unknown thumb', [{ thumb_media_id: 'unknown' }], 40007],
  ['no thumb', [{ thumb_media_id: undefined }], 41006],
  ['a second article that is wrong', [{}, { title: '' }], 40035],
  ['an article that is no object', ['article'], 47001],
])('refuses articles with %s', async (_, changes, errcode) => {
  await using started = await startSandbox();
  const thumb_media_id = await started.addMedia('thumb');
  const articles = changes.map((change: unknown) =>
    typeof change === 'string' ? change : { thumb_media_id, title: 'T', content: 'C', ...(change as object) },
  );
  expect(await started.call('/cgi-bin/media/uploadnews', { articles })).toMatchObject({ errcode });
});

it('takes eight articles at the edge of every limit', async () => {
  await using started = await startSandbox();
  const { call, addMedia, clock } = started;
  const article = {
    thumb_media_id: await addMedia('thumb'),
    title: '😀'.repeat(64),
    content: '文'.repeat(19_999),
    digest: '摘'.repeat(128),
    author: 'xxx',
    content_source_url: 'www.qq.com',
    show_cover_pic: 1,
  };
  expect(await call('/cgi-bin/media/uploadnews', { articles: Array(8).fill(article) })).toEqual({
    type: 'news',
    media_id: expect.any(String),
    created_at: clock.now().getTime() / 1000,
  });
});

it('takes no image for the cover of an article', async () => {
  await using started = await startSandbox();
  const { call, addMedia } = started;
  const articles = [{ thumb_media_id: await addMedia('image'), title: 'T', content: 'C' }];
  expect(await call('/cgi-bin/media/uploadnews', { articles })).toMatchObject({ errcode: 40007 });
  const [openId] = openIds(1);
  const preview = { touser: openId, msgtype: 'mpnews', mpnews: { media_id: 'unknown' } };
  expect(await call(mass('preview'), preview)).toMatchObject({ errcode: 40007 });
});
