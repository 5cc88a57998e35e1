import { describe, expect, it } from 'vitest';
import { checkMessage, type Message, materialOf, messageType } from '../../src/campaigns/message.ts';

const messages: Record<string, Message> = {
  mpnews: { kind: 'mpnews', mediaId: 'm' },
  text: { kind: 'text', content: 'c' },
  voice: { kind: 'voice', mediaId: 'm' },
  music: { kind: 'music', mediaId: 'm' },
  image: { kind: 'image', mediaId: 'm' },
  images: { kind: 'images', mediaIds: ['a', 'b'] },
  mpvideo: { kind: 'mpvideo', mediaId: 'm' },
  wxcard: { kind: 'wxcard', cardId: 'c' },
};

const paths = (message: Message, purpose: 'send' | 'preview') =>
  checkMessage(message, purpose).map(({ path }) => path.join('.'));

describe('every kind', () => {
  it.each(Object.entries(messages))('%s can be sent', (_, message) => {
    expect(paths(message, 'send')).toEqual([]);
  });

  it.each(Object.entries(messages))('%s can be previewed, but for several images', (kind, message) => {
    expect(paths(message, 'preview')).toEqual(kind === 'images' ? ['message.images'] : []);
  });
});

it.each<[Message, string[]]>([
  [{ kind: 'text', content: ' \n\u3000' }, ['message.text.content']],
  [{ kind: 'mpnews', mediaId: '' }, ['message.mpnews.mediaId']],
  [{ kind: 'mpvideo', mediaId: ' ' }, ['message.mpvideo.mediaId']],
  [{ kind: 'images', mediaIds: [] }, ['message.images.mediaIds']],
  [{ kind: 'images', mediaIds: ['a', '', ' '] }, ['message.images.mediaIds.1', 'message.images.mediaIds.2']],
  [{ kind: 'wxcard', cardId: '', cardExt: '{}' }, ['message.wxcard.cardId', 'message.wxcard.cardExt']],
  [{ kind: 'wxcard', cardId: 'c', cardExt: null }, []],
])('what is wrong is told where it stands: %j', (message, expected) => {
  expect(paths(message, 'send')).toEqual(expected);
});

it('lets a card_ext through to a preview', () => {
  expect(paths({ kind: 'wxcard', cardId: 'c', cardExt: '{"code":""}' }, 'preview')).toEqual([]);
  for (const cardExt of ['', 'not json {', '[]', 'null'])
    expect(paths({ kind: 'wxcard', cardId: 'c', cardExt }, 'preview')).toEqual(['message.wxcard.cardExt']);
});

it('takes several pictures for a picture message, and for no one material', () => {
  expect(Object.values(messages).map(messageType)).toEqual([
    'MPNEWS',
    'TEXT',
    'VOICE',
    'MUSIC',
    'IMAGE',
    'IMAGE',
    'MPVIDEO',
    'WXCARD',
  ]);
  expect(Object.values(messages).map(materialOf)).toEqual(['m', null, 'm', 'm', 'm', null, 'm', null]);
});
