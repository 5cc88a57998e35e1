import { voiceSeconds } from '../campaigns/voice-length.ts';
import { Refusal, refuseIf } from './refusal.ts';

export type FileKind = 'image' | 'voice' | 'video' | 'thumb';
type Format = 'jpg' | 'png' | 'gif' | 'amr' | 'mp3' | 'mp4';

const KB = 1024;
const MB = 1024 * KB;
const VOICE_SECONDS = 60;

const rules: Record<FileKind, { formats: readonly Format[]; bytes: number }> = {
  image: { formats: ['jpg', 'png', 'gif'], bytes: 10 * MB },
  voice: { formats: ['amr', 'mp3'], bytes: 2 * MB },
  video: { formats: ['mp4'], bytes: 10 * MB },
  thumb: { formats: ['jpg'], bytes: 64 * KB },
};

const ascii = (bytes: Buffer, from: number, to: number) => bytes.toString('latin1', from, to);

const signatures: readonly { format: Format; matches: (bytes: Buffer) => boolean }[] = [
  { format: 'jpg', matches: (bytes) => ascii(bytes, 0, 3) === '\xff\xd8\xff' },
  { format: 'png', matches: (bytes) => ascii(bytes, 0, 8) === '\x89PNG\r\n\x1a\n' },
  { format: 'gif', matches: (bytes) => /^GIF8[79]a$/.test(ascii(bytes, 0, 6)) },
  { format: 'amr', matches: (bytes) => ascii(bytes, 0, 6) === '#!AMR\n' },
  {
    format: 'mp4',
    matches: (bytes) =>
      ascii(bytes, 4, 8) === 'ftyp' && !/^(?:he|mif1|msf1|avi|qt|M4A)/.test(ascii(bytes, 8, 12)),
  },
  { format: 'mp3', matches: (bytes) => /^(ID3|\xff[\xe2\xe3\xf2\xf3\xfa\xfb])/.test(ascii(bytes, 0, 3)) },
];

const formatOf = (bytes: Buffer) => signatures.find(({ matches }) => matches(bytes))?.format;

export const isFileKind = (kind: string | null): kind is FileKind =>
  kind !== null && Object.hasOwn(rules, kind);

/**
 * Judges a file by its bytes. A voice whose length cannot be told is let pass.
 * @throws Refusal 40006 (empty or too large), 40005 (another format), 45007 (too long)
 */
export function checkFile(kind: FileKind, bytes: Buffer): void {
  const { formats, bytes: most } = rules[kind];
  refuseIf(bytes.length === 0 || bytes.length > most, 40006);
  const format = formatOf(bytes);
  if (format === undefined || !formats.includes(format)) throw new Refusal(40005);
  refuseIf((voiceSeconds(format, bytes) ?? 0) > VOICE_SECONDS, 45007);
}

/**
 * An image for the inside of an article: jpg or png, below 1 MB.
 * @throws Refusal 40009 (empty or too large), 40005 (another format)
 */
export function checkArticleImage(bytes: Buffer): void {
  refuseIf(bytes.length === 0 || bytes.length >= MB, 40009);
  const format = formatOf(bytes);
  refuseIf(format !== 'jpg' && format !== 'png', 40005);
}
