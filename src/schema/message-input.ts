import type { Message } from '../campaigns/message.ts';
import { builder } from './builder.ts';

const MediaInput = builder.inputType('MediaInput', {
  description: 'A material that was uploaded to WeChat.',
  fields: (t) => ({
    mediaId: t.id({ required: true, description: 'Its media_id. Temporary ones live for three days.' }),
  }),
});

const TextInput = builder.inputType('TextInput', {
  description: 'Plain text.',
  fields: (t) => ({ content: t.string({ required: true, description: 'Not blank.' }) }),
});

const ImagesInput = builder.inputType('ImagesInput', {
  description: 'Several pictures in one message. They cannot be previewed together.',
  fields: (t) => ({
    mediaIds: t.idList({ required: true, description: 'At least one.' }),
    recommend: t.string({ description: 'A recommendation shown with them.' }),
    needOpenComment: t.boolean({ description: 'Whether comments are open.' }),
    onlyFansCanComment: t.boolean({ description: 'Whether only followers may comment.' }),
  }),
});

const VideoInput = builder.inputType('VideoInput', {
  description: 'A video that went through uploadVideo.',
  fields: (t) => ({
    mediaId: t.id({
      required: true,
      description: 'The media_id that uploadVideo answered, not that of the file.',
    }),
    title: t.string({ description: 'Shown with it.' }),
    description: t.string({ description: 'Shown with it.' }),
    thumbMediaId: t.id({ description: 'Its cover: the media_id of a THUMB. Null leaves it to WeChat.' }),
  }),
});

const CardInput = builder.inputType('CardInput', {
  description: 'A coupon.',
  fields: (t) => ({
    cardId: t.id({ required: true, description: 'Its card_id.' }),
    cardExt: t.string({ description: 'Its card_ext as JSON text, for previews only: it cannot be sent.' }),
  }),
});

export const MessageInput = builder.inputType('MessageInput', {
  description: 'What is sent: exactly one of these.',
  isOneOf: true,
  fields: (t) => ({
    mpnews: t.field({
      type: MediaInput,
      description:
        'Articles, by the media_id that uploadNews answered, or by that of a draft (草稿) that was made elsewhere.',
    }),
    text: t.field({ type: TextInput, description: 'Plain text.' }),
    voice: t.field({ type: MediaInput, description: 'A voice message.' }),
    music: t.field({ type: MediaInput, description: 'Music.' }),
    image: t.field({ type: MediaInput, description: 'One picture.' }),
    images: t.field({ type: ImagesInput, description: 'Several pictures.' }),
    mpvideo: t.field({ type: VideoInput, description: 'A video.' }),
    wxcard: t.field({ type: CardInput, description: 'A coupon.' }),
  }),
});

/** The one field that is given, with its name as the kind. */
export function messageOf(input: typeof MessageInput.$inferInput): Message {
  const [given] = Object.entries(input).filter(([, value]) => value != null);
  if (!given) throw new Error('exactly one field of MessageInput is given, which validation has seen to');
  const [kind, value] = given;
  return { kind, ...(value as object) } as Message;
}
