import { checkText, type InputIssue, isBlank, issue, utf8Bytes, when } from './input-issue.ts';

export const MessageType = {
  MPNEWS: 'MPNEWS',
  TEXT: 'TEXT',
  VOICE: 'VOICE',
  MUSIC: 'MUSIC',
  IMAGE: 'IMAGE',
  MPVIDEO: 'MPVIDEO',
  WXCARD: 'WXCARD',
} as const;
export type MessageType = (typeof MessageType)[keyof typeof MessageType];

/** What is sent. `kind` is the name of the input field it came in, so that paths of issues can name it. */
export type Message =
  | { kind: 'mpnews' | 'voice' | 'music' | 'image'; mediaId: string }
  | { kind: 'text'; content: string }
  | {
      kind: 'images';
      mediaIds: readonly string[];
      recommend?: string | null;
      needOpenComment?: boolean | null;
      onlyFansCanComment?: boolean | null;
    }
  | {
      kind: 'mpvideo';
      mediaId: string;
      title?: string | null;
      description?: string | null;
      thumbMediaId?: string | null;
    }
  | { kind: 'wxcard'; cardId: string; cardExt?: string | null };

/** Several pictures are one kind of picture message to WeChat. */
export const messageType = (message: Message): MessageType =>
  message.kind === 'images' ? MessageType.IMAGE : (message.kind.toUpperCase() as MessageType);

/** The one material a message shows, by which its link lives and dies; null where there is none or several. */
export const materialOf = (message: Message): string | null =>
  'mediaId' in message ? message.mediaId : null;

/** WeChat's have some seventy. Campaigns are found by them, and an index of Postgres takes no entry of more than 2,700 bytes. */
const MOST_ID_BYTES = 512;

export function checkMessage(message: Message, purpose: 'send' | 'preview'): InputIssue[] {
  const { kind, ...fields } = message;
  return [...checkText(fields, ['message', kind]), ...checkFields(message, purpose)];
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function checkFields(message: Message, purpose: 'send' | 'preview'): InputIssue[] {
  const path = ['message', message.kind];
  const blank = (field: (string | number)[], value: string) =>
    when(isBlank(value), [...path, ...field], 'must not be blank');
  const id = (field: (string | number)[], value: string) => [
    ...blank(field, value),
    ...when(
      utf8Bytes(value) > MOST_ID_BYTES,
      [...path, ...field],
      `must have at most ${MOST_ID_BYTES} bytes, it has ${utf8Bytes(value)}`,
    ),
  ];
  switch (message.kind) {
    case 'text':
      return blank(['content'], message.content);
    case 'images':
      return purpose === 'preview'
        ? [issue(path, 'cannot be previewed: WeChat previews one image at a time, use message.image')]
        : [
            ...when(message.mediaIds.length === 0, [...path, 'mediaIds'], 'must name at least one image'),
            ...message.mediaIds.flatMap((mediaId, index) => id(['mediaIds', index], mediaId)),
          ];
    case 'wxcard':
      return [
        ...id(['cardId'], message.cardId),
        ...when(
          purpose === 'send' && message.cardExt != null,
          [...path, 'cardExt'],
          'is for previews only and cannot be sent',
        ),
        ...when(
          purpose === 'preview' && message.cardExt != null && !isJsonObject(message.cardExt),
          [...path, 'cardExt'],
          'must be a JSON object, as text',
        ),
      ];
    case 'mpvideo':
      return [
        ...id(['mediaId'], message.mediaId),
        ...(message.thumbMediaId == null ? [] : id(['thumbMediaId'], message.thumbMediaId)),
      ];
    default:
      return id(['mediaId'], message.mediaId);
  }
}
