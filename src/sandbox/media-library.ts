import type { Clock } from '../clock.ts';
import { randomText } from './random-text.ts';
import { Refusal } from './refusal.ts';

/** `video` is an uploaded file, `mpvideo` what `uploadvideo` makes of it, and only the latter can be sent. */
export type MediaKind = 'image' | 'voice' | 'video' | 'thumb' | 'news' | 'mpvideo';

export interface Article {
  title: string;
  content: string;
  digest: string;
}

export interface Media {
  id: string;
  kind: MediaKind;
  createdAt: Date;
  /** Of `news`, in order. */
  articles: readonly Article[];
  /** What people read in it: the audits look here. */
  texts: readonly string[];
}

/** What an account has uploaded. */
export interface MediaLibrary {
  add(kind: MediaKind, contents?: { articles?: readonly Article[]; texts?: readonly string[] }): Media;
  /** @throws Refusal 40007 where the id is unknown, of another kind or expired */
  get(id: string, kind: MediaKind): Media;
  /** The kind behind an id, expired or not. */
  kindOf(id: string): MediaKind | undefined;
}

const TEMPORARY_LIFETIME = 3 * 86_400_000;
const lasting: readonly MediaKind[] = ['news', 'mpvideo'];

/** Materials that every account has from the start and that never expire, so that a first try needs no file. */
const permanent: readonly { id: string; kind: MediaKind }[] = [
  { id: 'sandbox_thumb', kind: 'thumb' },
  { id: 'sandbox_image', kind: 'image' },
  { id: 'sandbox_voice', kind: 'voice' },
  { id: 'sandbox_video', kind: 'video' },
];

export function createMediaLibrary({ clock, random }: { clock: Clock; random: () => number }): MediaLibrary {
  const started = clock.now();
  const library = new Map<string, Media>(
    permanent.map((media) => [media.id, { ...media, createdAt: started, articles: [], texts: [] }]),
  );
  const isPermanent = (media: Media) => permanent.some(({ id }) => id === media.id);
  const isExpired = (media: Media) =>
    !lasting.includes(media.kind) &&
    !isPermanent(media) &&
    clock.now().getTime() - media.createdAt.getTime() >= TEMPORARY_LIFETIME;
  return {
    add(kind, { articles = [], texts = [] } = {}) {
      const media = { id: randomText(random, 64), kind, createdAt: clock.now(), articles, texts };
      library.set(media.id, media);
      return media;
    },
    get(id, kind) {
      const media = library.get(id);
      if (!media || media.kind !== kind || isExpired(media)) throw new Refusal(40007);
      return media;
    },
    kindOf: (id) => library.get(id)?.kind,
  };
}

/** Seconds, as `created_at` has them. */
export const createdAtSeconds = ({ createdAt }: Media): number => Math.floor(createdAt.getTime() / 1000);
