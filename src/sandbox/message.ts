import { type Fields, isFields, optionalSwitch, optionalText, requiredText } from './json-fields.ts';
import type { Article, MediaKind, MediaLibrary } from './media-library.ts';
import { Refusal, refuseIf } from './refusal.ts';

/** What is left of a message that passed the checks. */
export interface Message {
  msgtype: string;
  /** The one material it shows. */
  mediaId: string | undefined;
  articles: readonly Article[];
  texts: readonly string[];
}

type Reader = (fields: Fields, media: MediaLibrary) => Omit<Message, 'msgtype'>;

const ofMedia =
  (msgtype: string, kind: MediaKind): Reader =>
  (fields, media) => {
    const mediaId = requiredText(part(fields, msgtype, 41006).media_id, 41006);
    const { articles, texts } = media.get(mediaId, kind);
    return { mediaId, articles, texts };
  };

const withoutMedia = (texts: readonly string[]) => ({ mediaId: undefined, articles: [], texts });

/** `msgtype` to how its part of the body is read. */
const readers: Readonly<Record<string, Reader>> = {
  mpnews: ofMedia('mpnews', 'news'),
  voice: ofMedia('voice', 'voice'),
  // No call uploads music: an uploaded voice serves as one.
  music: ofMedia('music', 'voice'),
  image: (fields, media) =>
    (fields.images === undefined ? ofMedia('image', 'image') : readImages)(fields, media),
  mpvideo(fields, media) {
    const { media_id, title, description, thumb_media_id } = part(fields, 'mpvideo', 41006);
    const mediaId = requiredText(media_id, 41006);
    refuseIf(media.kindOf(mediaId) === 'video', 48013);
    const { texts } = media.get(mediaId, 'mpvideo');
    const cover = optionalText(thumb_media_id);
    if (cover) media.get(cover, 'thumb');
    return {
      mediaId,
      articles: [],
      texts: [...texts, optionalText(title) ?? '', optionalText(description) ?? ''],
    };
  },
  text: (fields) => withoutMedia([requiredText(part(fields, 'text', 44004).content, 44004)]),
  wxcard(fields) {
    const { card_id, card_ext } = part(fields, 'wxcard', 41012);
    requiredText(card_id, 41012);
    optionalText(card_ext);
    return withoutMedia([]);
  },
};

/** Several pictures, which stand under `images` while `msgtype` stays `image`. */
const readImages: Reader = (fields, media) => {
  refuseIf(fields.image !== undefined, 40035);
  const images = part(fields, 'images', 41006);
  const { media_ids: mediaIds } = images;
  if (!Array.isArray(mediaIds) || mediaIds.length === 0) throw new Refusal(41006);
  for (const mediaId of mediaIds) media.get(requiredText(mediaId, 41006), 'image');
  optionalSwitch(images.need_open_comment);
  optionalSwitch(images.only_fans_can_comment);
  return withoutMedia([optionalText(images.recommend) ?? '']);
};

/**
 * The message of a send or a preview, each of the eight kinds by its own rules.
 * @throws Refusal 40008 (no such msgtype), 41006, 41012 and 44004 (nothing in it), 40007 and 48013 (media), 47001 and 40035 (types)
 */
export function readMessage(fields: Fields, media: MediaLibrary, purpose: 'send' | 'preview'): Message {
  const { msgtype } = fields;
  if (typeof msgtype !== 'string' || !Object.hasOwn(readers, msgtype)) throw new Refusal(40008);
  // A preview shows one picture only, under "image".
  refuseIf(purpose === 'preview' && fields.images !== undefined, 41006);
  return { msgtype, ...readers[msgtype]!(fields, media) };
}

function part(fields: Fields, name: string, missing: number): Fields {
  const value = fields[name];
  if (!isFields(value)) throw new Refusal(missing);
  return value;
}
