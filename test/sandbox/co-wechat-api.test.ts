import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import API from 'co-wechat-api';
import { expect, it } from 'vitest';
import { files } from './files.ts';
import { openIds, startSandbox } from './kit.ts';

/** The sandbox as an SDK sees it that knows nothing of it. */
async function startWithSdk() {
  const started = await startSandbox();
  const api = new API(started.account.appId, started.account.appSecret);
  api.prefix = `${started.sandbox.url}/cgi-bin/`;
  api.fileServerPrefix = api.prefix;
  const addThumb = async () =>
    (await api.uploadMedia(files.jpg(), 'thumb', 'a.jpg', 'image/jpeg')).thumb_media_id;
  const addNews = async () => {
    const article = {
      thumb_media_id: await addThumb(),
      author: 'xxx',
      title: 'Happy Day',
      content_source_url: 'www.qq.com',
      content: 'content',
      digest: 'digest',
      show_cover_pic: 1,
    };
    return (await api.uploadNews({ articles: [article, { ...article, show_cover_pic: 0 }] })).media_id;
  };
  return { ...started, api, addNews };
}

const accepted = { errcode: 0, errmsg: 'send job submission success' };

it('lets an SDK fetch a token and the tags', async () => {
  await using started = await startWithSdk();
  const { api } = started;
  const { accessToken, expireTime } = await api.getAccessToken();
  expect(accessToken.length).toBeGreaterThan(100);
  expect(expireTime).toBeGreaterThan(Date.now() + 7_000_000);
  expect(await api.getTags()).toEqual({
    tags: [
      { id: 2, name: '星标组', count: 500 },
      { id: 100, name: '北京', count: 2450 },
      { id: 101, name: '上海', count: 1649 },
      { id: 102, name: '内部测试', count: 20 },
    ],
  });
});

it('lets an SDK upload an image for an article', async () => {
  await using started = await startWithSdk();
  const folder = await mkdtemp(join(tmpdir(), 'sandbox-'));
  try {
    const path = join(folder, 'a.png');
    await writeFile(path, files.png());
    // The SDK's name for media/uploadimg.
    expect(await started.api.uploadImage(path)).toEqual({
      url: expect.stringMatching(/^http:\/\/mmbiz\.qpic\.cn\/mmbiz\//),
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('lets an SDK send articles, follow them and delete them', async () => {
  await using started = await startWithSdk();
  const { api, clock, addNews } = started;
  const sent = await api.massSendNews(await addNews(), true, 'send-1', 0);
  expect(sent).toEqual({ ...accepted, msg_id: 1000000001, msg_data_id: 2455891298 });
  expect(await api.getMassMessageStatus(sent.msg_id)).toEqual({
    msg_id: 1000000001,
    msg_status: 'SENDING',
  });
  await clock.advance(1000);
  expect((await api.getMassMessageStatus(String(sent.msg_id))).msg_status).toBe('SEND_SUCCESS');
  expect(await api.deleteMass(sent.msg_id)).toEqual({ errcode: 0, errmsg: 'ok' });
  expect((await api.getMassMessageStatus(sent.msg_id)).msg_status).toBe('DELETE');
});

it('lets an SDK send every kind of message it knows to a tag and to OpenIDs', async () => {
  await using started = await startWithSdk();
  const { api, addMedia } = started;
  expect(await api.massSendText('hello', openIds(2))).toEqual({ ...accepted, msg_id: 3147483648 });
  const image = await addMedia('image');
  expect(await api.massSendImage(image, 2)).toEqual({ ...accepted, msg_id: 1000000001 });
  expect(await api.massSendVoice(await addMedia('voice'), 2)).toMatchObject({ msg_id: 1000000002 });
  const video = { media_id: await addMedia('video'), title: 'TITLE', description: 'Description' };
  expect(await api.massSendMPVideo(video, openIds(2))).toMatchObject({ msg_id: 3147483649 });
});

it('lets an SDK preview', async () => {
  await using started = await startWithSdk();
  const { api, addNews } = started;
  const [openId = ''] = openIds(1);
  const previewed = { errcode: 0, errmsg: 'preview success' };
  expect(await api.previewText(openId, 'hello')).toEqual({ ...previewed, msg_id: 34182 });
  expect(await api.previewNews(openId, await addNews())).toEqual({ ...previewed, msg_id: 34183 });
});

it('tells an SDK the errcode and the id of the send that exists', async () => {
  await using started = await startWithSdk();
  const { api } = started;
  await api.massSendText('hello', openIds(2), 'once');
  await expect(api.massSendText('hello', openIds(2), 'once')).rejects.toMatchObject({
    code: 45065,
    message: expect.stringMatching(/^clientmsgid exist rid: [\da-f]{8}-[\da-f]{8}-[\da-f]{8}$/),
  });
});

it('has an SDK fetch a new token when its own was revoked', async () => {
  await using started = await startWithSdk();
  const { api, sandbox, account } = started;
  await api.getTags();
  sandbox.revokeToken(account.appId);
  expect(await api.getTags()).toHaveProperty('tags');
});
