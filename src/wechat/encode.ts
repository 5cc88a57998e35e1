import type { Article } from '../campaigns/article.ts';
import type { Audience } from '../campaigns/audience.ts';
import type { Message } from '../campaigns/message.ts';
import type { FrozenRequest } from '../campaigns/submission.ts';

interface SendOptions {
  sendIgnoreReprint: boolean;
  clientMsgId: string;
}

/** `message/mass/send` and `sendall`. Real booleans and numbers: WeChat reads the string "false" as true. */
export function encodeSend(
  message: Message,
  audience: Exclude<Audience, { kind: 'OPEN_IDS_FILE' }>,
  options: SendOptions,
): FrozenRequest {
  const to =
    audience.kind === 'OPEN_IDS'
      ? { touser: audience.openIds }
      : {
          filter:
            audience.kind === 'ALL' ? { is_to_all: true } : { is_to_all: false, tag_id: audience.tagId },
        };
  const body = {
    ...to,
    ...encodeMessage(message),
    ...(message.kind === 'mpnews' ? { send_ignore_reprint: options.sendIgnoreReprint ? 1 : 0 } : {}),
    clientmsgid: options.clientMsgId,
  };
  return {
    endpoint: audience.kind === 'OPEN_IDS' ? 'sendToOpenIds' : 'sendToFilter',
    body: JSON.stringify(body),
  };
}

/** Whom a frozen request to a list is for. */
export const openIdsOf = (body: string): string[] => JSON.parse(body).touser ?? [];

/** `message/mass/preview`: one OpenID as a string, or a WeChat name. */
export const encodePreview = (message: Message, to: { openId: string } | { wxName: string }): string =>
  JSON.stringify({
    ...('openId' in to ? { touser: to.openId } : { towxname: to.wxName }),
    ...encodeMessage(message),
  });

function encodeMessage(message: Message): Record<string, unknown> {
  switch (message.kind) {
    case 'text':
      return { text: { content: message.content }, msgtype: 'text' };
    case 'images':
      return {
        images: dropNull({
          media_ids: message.mediaIds,
          recommend: message.recommend,
          need_open_comment: flag(message.needOpenComment),
          only_fans_can_comment: flag(message.onlyFansCanComment),
        }),
        msgtype: 'image',
      };
    case 'mpvideo':
      return {
        mpvideo: dropNull({
          media_id: message.mediaId,
          title: message.title,
          description: message.description,
          thumb_media_id: message.thumbMediaId,
        }),
        msgtype: 'mpvideo',
      };
    case 'wxcard':
      return { wxcard: dropNull({ card_id: message.cardId, card_ext: message.cardExt }), msgtype: 'wxcard' };
    default:
      return { [message.kind]: { media_id: message.mediaId }, msgtype: message.kind };
  }
}

/** `media/uploadnews`. The HTML of `content` is passed on as it is. */
export const encodeNews = (articles: readonly Article[]): string =>
  JSON.stringify({
    articles: articles.map((article) =>
      dropNull({
        thumb_media_id: article.thumbMediaId,
        author: article.author,
        title: article.title,
        content_source_url: article.contentSourceUrl,
        content: article.content,
        digest: article.digest,
        show_cover_pic: flag(article.showCoverPic),
      }),
    ),
  });

const flag = (value: boolean | null | undefined): 0 | 1 | undefined =>
  value == null ? undefined : value ? 1 : 0;

const dropNull = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value != null));
