import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { send, textToTag } from '../kit/actions.ts';
import { calls } from '../kit/calls.ts';
import { oneWorld } from '../kit/one-world.ts';
import { countRows } from '../kit/sql.ts';
import { createWorld, type World } from '../kit/world.ts';

const openIds = (count: number) => Array.from({ length: count }, (_, index) => `o${index}`);

const text = (content: string) => ({ message: { text: { content } } });
const to = (...ids: string[]) => ({ audience: { openIds: ids } });

/** Nothing may be left of a send that was refused: no row, no event, no call. */
async function expectNothing(world: World): Promise<void> {
  expect(world.sandbox.requests).toEqual([]);
  const { campaigns, jobs, job_requests, events, calls } = await countRows(world.config.databaseUrl);
  const none = { campaigns: 0, jobs: 0, job_requests: 0, events: 0, calls: 0 };
  expect({ campaigns, jobs, job_requests, events, calls }).toEqual(none);
}

const pathsOf = (answer: any): string[] => {
  expect(answer.__typename).toBe('InvalidInputError');
  return answer.issues.map(({ path }: any) => path.join('.')).sort();
};

const past = '2026-06-01T01:59:59.999Z';
const now = '2026-06-01T02:00:00.000Z';
const soon = '2026-06-01T03:00:00.000Z';

describe('massSend refuses, and neither calls WeChat nor stores anything', () => {
  const untouched = oneWorld();

  it.each<[string, object, string[]]>([
    ['an empty key', { idempotencyKey: '' }, ['idempotencyKey']],
    ['a blank key', { idempotencyKey: ' \t' }, ['idempotencyKey']],
    ['a key of 201 characters', { idempotencyKey: 'k'.repeat(201) }, ['idempotencyKey']],
    ['a key with U+0000', { idempotencyKey: 'a\0b' }, ['idempotencyKey']],
    ['a key with half a surrogate pair', { idempotencyKey: 'a\ud83d' }, ['idempotencyKey']],
    ['a clientMsgId of 65 bytes', { clientMsgId: 'c'.repeat(65) }, ['clientMsgId']],
    ['a clientMsgId of 22 characters, which are 66 bytes', { clientMsgId: '群'.repeat(22) }, ['clientMsgId']],
    ['a blank clientMsgId', { clientMsgId: '' }, ['clientMsgId']],
    ['a clientMsgId with U+0000', { clientMsgId: '\0c' }, ['clientMsgId']],
    [
      'a broadcast that is not confirmed',
      { audience: { all: { confirm: false } } },
      ['audience.all.confirm'],
    ],
    ['a negative tag', { audience: { tagId: -1 } }, ['audience.tagId']],
    ['no OpenID', to(), ['audience.openIds']],
    ['one OpenID', to('a'), ['audience.openIds']],
    ['an OpenID that repeats', to('a', 'b', 'a'), ['audience.openIds.2']],
    ['a blank OpenID', to('a', 'b', ' '), ['audience.openIds.2']],
    ['an OpenID with a blank in it', to('a', 'b c'), ['audience.openIds.1']],
    ['an OpenID with U+0000', to('a', 'b\0'), ['audience.openIds.1']],
    ['an OpenID with half a surrogate pair', to('\udc00', 'b'), ['audience.openIds.0']],
    ['a blank text', text(' \n\u3000'), ['message.text.content']],
    ['a text with U+0000', text('a\0'), ['message.text.content']],
    ['a text with half a surrogate pair', text('\ud83d a'), ['message.text.content']],
    ['news without a media id', { message: { mpnews: { mediaId: ' ' } } }, ['message.mpnews.mediaId']],
    ['a voice without a media id', { message: { voice: { mediaId: '' } } }, ['message.voice.mediaId']],
    ['music without a media id', { message: { music: { mediaId: '' } } }, ['message.music.mediaId']],
    ['an image without a media id', { message: { image: { mediaId: '' } } }, ['message.image.mediaId']],
    ['a video without a media id', { message: { mpvideo: { mediaId: '' } } }, ['message.mpvideo.mediaId']],
    [
      'a video with a blank cover',
      { message: { mpvideo: { mediaId: 'm', thumbMediaId: ' ' } } },
      ['message.mpvideo.thumbMediaId'],
    ],
    ['a schedule whose month never ends', { scheduledAt: '9999-12-31T23:00:00.000Z' }, ['scheduledAt']],
    [
      'a media id that no index would take',
      { message: { mpnews: { mediaId: randomBytes(3_000).toString('base64url') } } },
      ['message.mpnews.mediaId'],
    ],
    [
      'a card id of 513 bytes',
      { message: { wxcard: { cardId: 'c'.repeat(513) } } },
      ['message.wxcard.cardId'],
    ],
    [
      'a picture whose media id has 513 bytes',
      { message: { images: { mediaIds: ['a', 'm'.repeat(513)] } } },
      ['message.images.mediaIds.1'],
    ],
    [
      'a video whose title has U+0000',
      { message: { mpvideo: { mediaId: 'm', title: '\0' } } },
      ['message.mpvideo.title'],
    ],
    ['no images', { message: { images: { mediaIds: [] } } }, ['message.images.mediaIds']],
    ['a blank image', { message: { images: { mediaIds: ['a', ''] } } }, ['message.images.mediaIds.1']],
    ['an image with U+0000', { message: { images: { mediaIds: ['\0a'] } } }, ['message.images.mediaIds.0']],
    ['a card without an id', { message: { wxcard: { cardId: '' } } }, ['message.wxcard.cardId']],
    ['a card_ext', { message: { wxcard: { cardId: 'c', cardExt: '{}' } } }, ['message.wxcard.cardExt']],
    ['a label with U+0000', { label: '\0' }, ['label']],
    ['a label with half a surrogate pair', { label: '\udfff' }, ['label']],
    ['sendBefore in the past', { sendBefore: past }, ['sendBefore']],
    ['sendBefore now', { sendBefore: now }, ['sendBefore']],
    [
      'sendBefore before scheduledAt',
      { scheduledAt: soon, sendBefore: '2026-06-01T02:30:00Z' },
      ['sendBefore'],
    ],
    ['an account that is not configured', { account: 'wx2' }, ['account']],
  ])('%s', async (_, changes, expected) => {
    const world = untouched();
    expect(pathsOf(await send(world, textToTag('key', changes)))).toEqual(expected);
    await expectNothing(world);
  });

  it('everything that is wrong at once', async () => {
    const world = untouched();
    const answer = await send(world, {
      idempotencyKey: '\0',
      clientMsgId: 'c'.repeat(65),
      audience: { openIds: ['a', '', 'a', '\0'] },
      message: { wxcard: { cardId: ' ', cardExt: '\ud800' } },
      label: '\0',
      scheduledAt: soon,
      sendBefore: past,
    });
    expect([...new Set(pathsOf(answer))]).toEqual([
      'audience.openIds.1',
      'audience.openIds.2',
      'audience.openIds.3',
      'clientMsgId',
      'idempotencyKey',
      'label',
      'message.wxcard.cardExt',
      'message.wxcard.cardId',
      'sendBefore',
    ]);
    for (const { path } of answer.issues) expect(answer.message).toContain(path.join('.'));
    await expectNothing(world);
  });

  it('OpenIDs of a subscription account', async () => {
    await using world = await createWorld({ account: { type: 'subscription' } });
    expect(pathsOf(await send(world, textToTag('key', to('a', 'b'))))).toEqual(['audience.openIds']);
    await expectNothing(world);
  });
});

it('leaves the key of a refused send free', async () => {
  await using world = await createWorld();
  expect(pathsOf(await send(world, textToTag('key', text(' '))))).toEqual(['message.text.content']);
  expect(await send(world, textToTag('key'))).toMatchObject({
    __typename: 'MassSendSuccess',
    replayed: false,
  });
});

it('takes what is at the edge of the rules', async () => {
  await using world = await createWorld();
  const edge = {
    idempotencyKey: '😀'.repeat(200),
    clientMsgId: 'c'.repeat(64),
    audience: { openIds: ['oSandbox_00001', 'oSandbox_00002'] },
    label: '标签 😀',
    sendBefore: '2026-06-01T02:00:00.001Z',
  };
  expect(await send(world, textToTag('', edge))).toMatchObject({ __typename: 'MassSendSuccess' });
  expect(JSON.parse(calls(world)[0]!.body)).toMatchObject({ clientmsgid: 'c'.repeat(64) });
});

it('takes 10,000 OpenIDs in one call', async () => {
  await using world = await createWorld();
  const ids = openIds(9_998).concat('oSandbox_00001', 'oSandbox_00002');
  expect(await send(world, textToTag('key', to(...ids)))).toMatchObject({ __typename: 'MassSendSuccess' });
  expect(JSON.parse(calls(world)[0]!.body).touser).toEqual(ids);
});
