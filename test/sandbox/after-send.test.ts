import { expect, it } from 'vitest';
import { mass, openIds, startSandbox, text, toTag } from './kit.ts';

async function startWithArticles(...contents: string[]) {
  const started = await startSandbox();
  const { call, clock, addNews } = started;
  const media_id = await addNews(...contents);
  const send = async (clientmsgid = 'send-1') => {
    const message = { msgtype: 'mpnews', mpnews: { media_id }, clientmsgid };
    const { msg_id } = await call(mass('sendall'), { ...toTag(2), ...message });
    await clock.advance(1000);
    return msg_id;
  };
  const status = async (msg_id: unknown) => (await call(mass('get'), { msg_id })).msg_status;
  return { ...started, send, status };
}

it('knows nothing of an id that was never given', async () => {
  await using started = await startSandbox();
  const { call } = started;
  expect(await call(mass('get'), { msg_id: '201053012' })).toEqual({});
  expect(await call(mass('get'), {})).toMatchObject({ errcode: 40059 });
  expect(await call(mass('get'), { msg_id: 'abc' })).toMatchObject({ errcode: 40059 });
});

it('tells the status with the id as a number, whichever way it was asked', async () => {
  await using started = await startSandbox();
  const { call } = started;
  const { msg_id } = await call(mass('send'), { touser: openIds(2), ...text('hello') });
  const expected = { msg_id: 3147483648, msg_status: 'SENDING' };
  expect(await call(mass('get'), { msg_id })).toEqual(expected);
  expect(await call(mass('get'), { msg_id: String(msg_id) })).toEqual(expected);
});

it('deletes only what was sent', async () => {
  await using started = await startSandbox();
  const { call, clock, addNews } = started;
  const message = { msgtype: 'mpnews', mpnews: { media_id: await addNews('content') } };
  const { msg_id } = await call(mass('sendall'), { ...toTag(2), ...message });
  expect(await call(mass('delete'), { msg_id })).toMatchObject({ errcode: 40059 });
  await clock.advance(1000);
  expect(await call(mass('delete'), { msg_id })).toEqual({ errcode: 0, errmsg: 'ok' });
});

it('deletes articles and videos only', async () => {
  await using started = await startSandbox();
  const { call, clock, addVideo } = started;
  const sent = await call(mass('sendall'), { ...toTag(2), ...text('hello') });
  const video = { msgtype: 'mpvideo', mpvideo: { media_id: await addVideo() } };
  const sentVideo = await call(mass('sendall'), { ...toTag(2), ...video });
  await clock.advance(1000);
  expect(await call(mass('delete'), { msg_id: sent.msg_id })).toMatchObject({ errcode: 40059 });
  expect(await call(mass('delete'), { msg_id: sentVideo.msg_id })).toMatchObject({ errcode: 0 });
});

it('refuses to delete nothing, the unknown and an article that is not there', async () => {
  await using started = await startWithArticles('one', 'two');
  const { call, send } = started;
  const msg_id = await send();
  expect(await call(mass('delete'), {})).toMatchObject({ errcode: 40059 });
  expect(await call(mass('delete'), { msg_id: 1 })).toMatchObject({ errcode: 40059 });
  expect(await call(mass('delete'), { msg_id, article_idx: 3 })).toMatchObject({ errcode: 40060 });
  expect(await call(mass('delete'), { msg_id, article_idx: '1' })).toMatchObject({ errcode: 40060 });
});

it('is deleted once its last article is', async () => {
  await using started = await startWithArticles('one', 'two');
  const { call, send, status } = started;
  const msg_id = await send();
  await call(mass('delete'), { msg_id, article_idx: 2 });
  expect(await status(msg_id)).toBe('SEND_SUCCESS');
  await call(mass('delete'), { msg_id, article_idx: 1 });
  expect(await status(msg_id)).toBe('DELETE');
});

it('deletes every send of the same material, and no other', async () => {
  await using started = await startWithArticles('one');
  const { call, clock, send, status, addNews } = started;
  const [first, second] = [await send('send-1'), await send('send-2')];
  const message = { msgtype: 'mpnews', mpnews: { media_id: await addNews('one') } };
  const { msg_id: other } = await call(mass('sendall'), { ...toTag(2), ...message });
  await clock.advance(1000);
  await call(mass('delete'), { msg_id: first, article_idx: 0 });
  expect([await status(first), await status(second)]).toEqual(['DELETE', 'DELETE']);
  expect(await status(other)).toBe('SEND_SUCCESS');
});

it.each([
  ['an OpenID', { touser: openIds(1)[0] }, 0],
  ['a known WeChat name', { towxname: 'wx_editor' }, 0],
  ['a name before an OpenID', { towxname: 'nobody', touser: openIds(1)[0] }, 40132],
  ['an unknown WeChat name', { towxname: 'nobody' }, 40132],
  ['a list of OpenIDs', { touser: openIds(2) }, 40003],
  ['an unknown OpenID', { touser: 'oStranger' }, 40003],
  ['one who left', { touser: openIds(1, 50)[0] }, 43004],
  ['nobody', {}, 40003],
])('previews for %s: %j', async (_, recipient, errcode) => {
  await using started = await startSandbox();
  expect(await started.call(mass('preview'), { ...recipient, ...text('hello') })).toMatchObject({ errcode });
});

it('previews a card with its ext, a video without an id, and one picture only', async () => {
  await using started = await startSandbox();
  const { call, addVideo, addMedia } = started;
  const preview = (message: object) => call(mass('preview'), { towxname: 'wx_editor', ...message });
  const card = { card_id: '123', card_ext: '{"code":"","timestamp":"1402057159"}' };
  expect(await preview({ msgtype: 'wxcard', wxcard: card })).toMatchObject({ msg_id: 34182 });
  const video = await preview({ msgtype: 'mpvideo', mpvideo: { media_id: await addVideo() } });
  expect(video).toEqual({ errcode: 0, errmsg: 'preview success' });
  const images = { media_ids: [await addMedia('image')] };
  expect(await preview({ msgtype: 'image', images })).toMatchObject({ errcode: 41006 });
});
