import { expect, it } from 'vitest';
import { mass, openIds, startSandbox, text, toAll, toTag } from './kit.ts';

const accepted = { errcode: 0, errmsg: 'send job submission success' };

it.each([
  ['no filter', {}, 40035],
  ['an empty filter', { filter: {} }, 40152],
  ['a filter without a tag', { filter: { is_to_all: false } }, 40152],
  ['a filter whose tag is null', { filter: { is_to_all: false, tag_id: null } }, 40152],
  ['is_to_all as a string', { filter: { is_to_all: 'false', tag_id: 2 } }, 40008],
  ['is_to_all as a number', { filter: { is_to_all: 1 } }, 40008],
  ['an unknown tag', toTag(999), 40050],
  ['a tag that is no number', toTag('vip'), 40050],
  ['OpenIDs on sendall', { touser: openIds(2) }, 40035],
])('never sends to all for %s', async (_, audience, errcode) => {
  await using started = await startSandbox();
  const { call, sandbox, account } = started;
  expect(await call(mass('sendall'), { ...audience, ...text('hello') })).toMatchObject({ errcode });
  expect(sandbox.sends(account.appId)).toEqual([]);
});

it.each([
  ['no list', {}, 40031],
  ['one OpenID as a string', { touser: openIds(1)[0] }, 40031],
  ['a single OpenID', { touser: openIds(1) }, 40130],
  ['more than 10,000', { touser: openIds(10_001) }, 40032],
  ['a blank OpenID', { touser: [...openIds(2), ' '] }, 40003],
  ['a number among them', { touser: [...openIds(2), 7] }, 40003],
  ['the same follower twice', { touser: [...openIds(1), ...openIds(1)] }, 40130],
  ['only one that is a follower', { touser: [...openIds(1), ...openIds(1, 50), 'oStranger'] }, 40130],
])('refuses a list of OpenIDs with %s', async (_, audience, errcode) => {
  await using started = await startSandbox({ followers: 20_000 });
  expect(await started.call(mass('send'), { ...audience, ...text('hello') })).toMatchObject({ errcode });
});

it('takes 10,000 OpenIDs, and a tag as a number or as its digits', async () => {
  await using started = await startSandbox({ followers: 20_000 });
  const { call, sandbox, account } = started;
  expect(await call(mass('send'), { touser: openIds(10_000), ...text('a') })).toMatchObject(accepted);
  expect(await call(mass('sendall'), { ...toTag(2), ...text('b') })).toMatchObject(accepted);
  expect(await call(mass('sendall'), { ...toTag('2'), ...text('c') })).toMatchObject(accepted);
  expect(await call(mass('sendall'), { filter: { tag_id: 2 }, ...text('d') })).toMatchObject(accepted);
  expect(sandbox.sends(account.appId).map(({ audience }) => audience.kind)).toEqual([
    'openIds',
    'tag',
    'tag',
    'tag',
  ]);
});

it('refuses OpenIDs to subscription accounts', async () => {
  await using started = await startSandbox({ type: 'subscription' });
  const answer = await started.call(mass('send'), { touser: openIds(2), ...text('hello') });
  expect(answer).toMatchObject({ errcode: 48001 });
});

it.each([
  ['no msgtype', { text: { content: 'a' } }, 40008],
  ['an unknown msgtype', { msgtype: 'video', video: { media_id: 'a' } }, 40008],
  ['a msgtype of the object prototype', { msgtype: 'constructor' }, 40008],
  ['no text', { msgtype: 'text' }, 44004],
  ['blank text', text('  '), 44004],
  ['text that is no string', { msgtype: 'text', text: { content: 5 } }, 47001],
  ['the part of another kind', { msgtype: 'voice', image: { media_id: 'a' } }, 41006],
  ['no media_id', { msgtype: 'image', image: {} }, 41006],
  ['an unknown media_id', { msgtype: 'mpnews', mpnews: { media_id: 'a' } }, 40007],
  ['no pictures', { msgtype: 'image', images: { media_ids: [] } }, 41006],
  ['no card', { msgtype: 'wxcard', wxcard: {} }, 41012],
  ['send_ignore_reprint as a boolean', { ...text('a'), send_ignore_reprint: true }, 47001],
  ['send_ignore_reprint as a string', { ...text('a'), send_ignore_reprint: '0' }, 47001],
  ['send_ignore_reprint out of range', { ...text('a'), send_ignore_reprint: 2 }, 40035],
  ['a clientmsgid of 65 bytes', { ...text('a'), clientmsgid: `${'号'.repeat(21)}ab` }, 45067],
  ['a clientmsgid that is no string', { ...text('a'), clientmsgid: 5 }, 47001],
])('refuses a message with %s', async (_, message, errcode) => {
  await using started = await startSandbox();
  expect(await started.call(mass('sendall'), { ...toTag(2), ...message })).toMatchObject({ errcode });
});

it('takes all eight kinds of message', async () => {
  await using started = await startSandbox();
  const { call, sandbox, account, addNews, addMedia, addVideo } = started;
  const [news, voice, image, video] = [
    await addNews('content'),
    await addMedia('voice'),
    await addMedia('image'),
    await addVideo(),
  ];
  const messages = [
    { msgtype: 'mpnews', mpnews: { media_id: news }, send_ignore_reprint: 0 },
    text('hello from boxer.'),
    { msgtype: 'voice', voice: { media_id: voice } },
    { msgtype: 'music', music: { media_id: voice } },
    { msgtype: 'image', image: { media_id: image } },
    {
      msgtype: 'image',
      images: { media_ids: [image, image], recommend: 'x', need_open_comment: 1, only_fans_can_comment: 0 },
    },
    {
      msgtype: 'mpvideo',
      mpvideo: {
        media_id: video,
        title: 'TITLE',
        description: 'DESCRIPTION',
        thumb_media_id: 'sandbox_thumb',
      },
    },
    { msgtype: 'wxcard', wxcard: { card_id: '123dsdajkasd231jhksad' } },
  ];
  for (const message of messages) {
    const { msg_data_id: dataId, ...answer } = await call(mass('sendall'), { ...toTag(2), ...message });
    expect(answer).toEqual({ ...accepted, msg_id: expect.any(Number) });
    expect(dataId).toBe(message.msgtype === 'mpnews' ? 2455891298 : undefined);
  }
  expect(sandbox.sends(account.appId).map(({ msgId }) => msgId)).toEqual(
    messages.map((_, index) => String(1000000001 + index)),
  );
});

it('refuses media of the wrong kind', async () => {
  await using started = await startSandbox();
  const { call, addMedia, addVideo } = started;
  const send = async (msgtype: string, media_id: string) =>
    (await call(mass('sendall'), { ...toTag(2), msgtype, [msgtype]: { media_id } })).errcode;
  const image = await addMedia('image');
  expect(await send('voice', image)).toBe(40007);
  expect(await send('mpnews', image)).toBe(40007);
  expect(await send('mpvideo', image)).toBe(40007);
  expect(await send('mpvideo', await addMedia('video'))).toBe(48013);
  expect(await send('image', await addVideo())).toBe(40007);
  const mpvideo = { media_id: await addVideo(), thumb_media_id: image };
  const { errcode } = await call(mass('sendall'), { ...toTag(2), msgtype: 'mpvideo', mpvideo });
  expect(errcode, 'an image is no cover of a video').toBe(40007);
});

it('answers 45065 and the send that exists for 24 hours', async () => {
  await using started = await startSandbox();
  const { call, clock, fetchToken, sandbox, account } = started;
  const send = () => call(mass('send'), { touser: openIds(2), ...text('once'), clientmsgid: 'send-1' });
  expect(await send()).toMatchObject({ errcode: 0, msg_id: 3147483648 });
  const repeated = {
    errcode: 45065,
    errmsg: expect.stringMatching(/^clientmsgid exist/),
    msg_id: 3147483648,
  };
  expect(await send()).toEqual(repeated);
  expect(await call(mass('sendall'), { ...toAll, ...text('other'), clientmsgid: 'send-1' })).toEqual(
    repeated,
  );
  await clock.advance(86_400_000 - 1);
  await fetchToken();
  expect(await send()).toEqual(repeated);
  await clock.advance(1);
  expect(await send()).toMatchObject({ errcode: 0, msg_id: 3147483649 });
  expect(sandbox.sends(account.appId)).toHaveLength(2);
});

it('derives the clientmsgid from audience and content where it is left out', async () => {
  await using started = await startSandbox();
  const { call } = started;
  const send = async (from: number, content: string) =>
    (await call(mass('send'), { touser: openIds(2, from), ...text(content) })).errcode;
  expect(await send(1, 'a')).toBe(0);
  expect(await send(1, 'a')).toBe(45065);
  expect(await send(3, 'a')).toBe(0);
  expect(await send(1, 'b')).toBe(0);
});

it('answers the send that exists even when its media has expired', async () => {
  await using started = await startSandbox();
  const { call, clock, fetchToken, addMedia } = started;
  const media_id = await addMedia('image');
  const send = () =>
    call(mass('sendall'), { ...toTag(2), msgtype: 'image', image: { media_id }, clientmsgid: 'x' });
  await clock.advance(3 * 86_400_000 - 1000);
  await fetchToken();
  expect(await send()).toMatchObject({ errcode: 0 });
  await clock.advance(2000);
  expect(await send()).toMatchObject({ errcode: 45065 });
});

it('takes as long as the speed allows, and a second at least', async () => {
  await using started = await startSandbox({ followers: 100_000 });
  const { call, clock } = started;
  const status = async (msg_id: unknown) => (await call(mass('get'), { msg_id })).msg_status;
  expect(await call(mass('speed/get'), {})).toEqual({ speed: 0, realspeed: 80 });
  expect(await call(mass('speed/set'), { speed: 4 })).toEqual({ errcode: 0, errmsg: 'ok' });
  expect(await call(mass('speed/get'), {})).toEqual({ speed: 4, realspeed: 10 });
  const { msg_id: small } = await call(mass('send'), { touser: openIds(2), ...text('hello') });
  const { msg_id: large } = await call(mass('sendall'), { ...toAll, ...text('hello') });
  await clock.advance(1000);
  expect([await status(small), await status(large)]).toEqual(['SEND_SUCCESS', 'SENDING']);
  // 98,000 of the 100,000 are followers who receive, at 100,000 a minute.
  await clock.advance(58_800 - 1000);
  expect(await status(large)).toBe('SEND_SUCCESS');
});

it.each([
  [{}, 45084],
  [{ speed: 5 }, 45083],
  [{ speed: -1 }, 45083],
  [{ speed: 1.5 }, 45083],
  [{ speed: '1' }, 45083],
])('refuses the speed %j', async (fields, errcode) => {
  await using started = await startSandbox();
  expect(await started.call(mass('speed/set'), fields)).toMatchObject({ errcode });
});

it('tells the speed to a POST without a body, too', async () => {
  await using started = await startSandbox();
  const response = await started.post(mass('speed/get'), '');
  expect(await response.json()).toEqual({ speed: 0, realspeed: 80 });
});

it('goes on from other ids where it is told to', async () => {
  await using started = await startSandbox({}, { idOffset: 500 });
  const { call, sandbox, account } = started;
  await call(mass('sendall'), { ...toTag(2), ...text('a') });
  await call(mass('send'), { touser: openIds(2), ...text('b') });
  expect(sandbox.sends(account.appId).map(({ msgId }) => msgId)).toEqual(['1000000501', '3147484148']);
});
