import { checkText, type InputIssue, when } from './input-issue.ts';
import type { MediaType } from './media.ts';
import type { Message } from './message.ts';

/** What a material was made as, and so how long it lasts and where it may stand. */
export const MaterialKind = {
  IMAGE: 'image',
  VOICE: 'voice',
  THUMB: 'thumb',
  /** As it was uploaded: only what `uploadVideo` makes of it can be sent. */
  VIDEO_FILE: 'video file',
  NEWS: 'news',
  MPVIDEO: 'mpvideo',
} as const;
export type MaterialKind = (typeof MaterialKind)[keyof typeof MaterialKind];

export const kindOfMedia: Record<MediaType, MaterialKind> = {
  IMAGE: MaterialKind.IMAGE,
  VOICE: MaterialKind.VOICE,
  VIDEO: MaterialKind.VIDEO_FILE,
  THUMB: MaterialKind.THUMB,
};

export interface KnownMaterial {
  mediaId: string;
  /** One of `MaterialKind`; what earlier versions kept may say something else, which is as good as unknown. */
  type: string;
  createdAt: Date;
}

/** `media/upload` keeps what it is given for three days. */
const TEMPORARY_MS = 3 * 86_400_000;
const temporary = new Set<string>(Object.values(kindOfMedia));
const kinds = new Set<string>(Object.values(MaterialKind));

interface Use {
  mediaId: string;
  path: (string | number)[];
  /** Null: any that WeChat takes. */
  kind: MaterialKind | null;
}

function usesOf(message: Message): Use[] {
  const use = (mediaId: string, kind: MaterialKind | null, ...field: (string | number)[]): Use => ({
    mediaId,
    path: ['message', message.kind, ...field],
    kind,
  });
  switch (message.kind) {
    case 'mpnews':
      return [use(message.mediaId, MaterialKind.NEWS, 'mediaId')];
    case 'voice':
      return [use(message.mediaId, MaterialKind.VOICE, 'mediaId')];
    case 'image':
      return [use(message.mediaId, MaterialKind.IMAGE, 'mediaId')];
    case 'music':
      return [use(message.mediaId, null, 'mediaId')];
    case 'images':
      return message.mediaIds.map((mediaId, index) => use(mediaId, MaterialKind.IMAGE, 'mediaIds', index));
    case 'mpvideo': {
      const { mediaId, thumbMediaId } = message;
      const video = use(mediaId, MaterialKind.MPVIDEO, 'mediaId');
      return thumbMediaId ? [video, use(thumbMediaId, MaterialKind.THUMB, 'thumbMediaId')] : [video];
    }
    default:
      return [];
  }
}

/** Those that anything can be known of: no database takes every text. */
export const mediaIdsOf = (message: Message): string[] =>
  usesOf(message)
    .map(({ mediaId }) => mediaId)
    .filter((mediaId) => checkText(mediaId).length === 0);

/** What is known to be of the wrong kind, or gone by the time it is sent. What was not uploaded from here is for WeChat to judge. */
export function checkMaterials(
  message: Message,
  known: readonly KnownMaterial[],
  sentAt: Date,
): InputIssue[] {
  const byId = new Map(known.map((material) => [material.mediaId, material]));
  return usesOf(message).flatMap(({ mediaId, path, kind }) => {
    const material = byId.get(mediaId);
    if (!material || !kinds.has(material.type)) return [];
    const { type, createdAt } = material;
    const goneAt = new Date(createdAt.getTime() + TEMPORARY_MS);
    const hint = type === MaterialKind.VIDEO_FILE ? ': send what uploadVideo makes of it' : '';
    return [
      ...when(kind !== null && type !== kind, path, `is of another kind: it was uploaded as ${type}${hint}`),
      ...when(
        temporary.has(type) && goneAt <= sentAt,
        path,
        `is gone by then: WeChat keeps it for three days, until ${goneAt.toISOString()}`,
      ),
    ];
  });
}
