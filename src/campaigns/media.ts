import { type InputIssue, when } from './input-issue.ts';
import { voiceSeconds } from './voice-length.ts';

export const MediaType = { IMAGE: 'IMAGE', VOICE: 'VOICE', VIDEO: 'VIDEO', THUMB: 'THUMB' } as const;
export type MediaType = (typeof MediaType)[keyof typeof MediaType];

/** A file as it came from the caller, whole. */
export interface UploadFile {
  name: string;
  contentType: string;
  bytes: Uint8Array<ArrayBuffer>;
}

export type FileFormat = 'jpg' | 'png' | 'gif' | 'amr' | 'mp3' | 'mp4';

export interface FileRule {
  formats: readonly FileFormat[];
  /** How many bytes may be read before the file is refused without its end being waited for. */
  mostBytes: number;
  /** The same, in words. */
  size: string;
}

const KB = 1024;
const MB = 1024 * KB;

/** An image inside an article (`media/uploadimg`): jpg or png, under 1 MB. */
export const articleImageRule: FileRule = {
  formats: ['jpg', 'png'],
  mostBytes: MB - 1,
  size: 'smaller than 1 MB',
};

/** `media/upload`, by type. */
export const mediaRules: Record<MediaType, FileRule> = {
  IMAGE: { formats: ['jpg', 'png', 'gif'], mostBytes: 10 * MB, size: 'at most 10 MB' },
  VOICE: { formats: ['amr', 'mp3'], mostBytes: 2 * MB, size: 'at most 2 MB' },
  VIDEO: { formats: ['mp4'], mostBytes: 10 * MB, size: 'at most 10 MB' },
  THUMB: { formats: ['jpg'], mostBytes: 64 * KB, size: 'at most 64 KB' },
};

const VOICE_SECONDS = 60;

export const tooLarge = (rule: FileRule): InputIssue[] => when(true, ['file'], `must be ${rule.size}`);

/** Checks a file that is not too large, by its bytes and never by its name. */
export function checkFile(rule: FileRule, { bytes }: UploadFile): InputIssue[] {
  const format = fileFormat(bytes);
  if (bytes.length === 0) return when(true, ['file'], 'must not be empty');
  if (format === null || !rule.formats.includes(format)) {
    const found = format === null ? 'its content is of another kind' : `its content is ${format}`;
    return when(true, ['file'], `must be ${rule.formats.join(' or ')}; ${found}`);
  }
  const seconds = voiceSeconds(format, bytes);
  return when(
    seconds !== null && seconds > VOICE_SECONDS,
    ['file'],
    `must be at most ${VOICE_SECONDS} seconds long, it has ${Math.ceil(seconds ?? 0)}`,
  );
}

const starts = (bytes: Uint8Array, signature: readonly number[] | string, at = 0): boolean =>
  [...signature].every(
    (byte, index) => bytes[at + index] === (typeof byte === 'string' ? byte.charCodeAt(0) : byte),
  );

/** Pictures, sounds and QuickTime films have the same container. */
const NO_MP4 = [
  'heic',
  'heix',
  'heim',
  'heis',
  'hevc',
  'hevx',
  'mif1',
  'msf1',
  'avif',
  'avis',
  'qt  ',
  'M4A ',
];

export function fileFormat(bytes: Uint8Array): FileFormat | null {
  if (starts(bytes, [0xff, 0xd8, 0xff])) return 'jpg';
  if (starts(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'png';
  if (starts(bytes, 'GIF87a') || starts(bytes, 'GIF89a')) return 'gif';
  if (starts(bytes, '#!AMR\n')) return 'amr';
  if (starts(bytes, 'ftyp', 4)) return NO_MP4.some((brand) => starts(bytes, brand, 8)) ? null : 'mp4';
  // An mp3 begins with an ID3 tag or with a frame: eleven bits set, then a version and a layer that exist.
  const [first = 0, second = 0] = bytes;
  if (starts(bytes, 'ID3') || (first === 0xff && (second & 0xe0) === 0xe0 && (second & 0x06) === 0x02))
    return 'mp3';
  return null;
}
