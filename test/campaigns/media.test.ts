import { describe, expect, it } from 'vitest';
import {
  articleImageRule,
  checkFile,
  type FileRule,
  fileFormat,
  mediaRules,
} from '../../src/campaigns/media.ts';
import { voiceSeconds } from '../../src/campaigns/voice-length.ts';
import { amr, mp3 } from '../kit/voices.ts';
import { files } from '../sandbox/files.ts';

const bytes = (...values: (number | string)[]) =>
  Buffer.concat(
    values.map((value) => (typeof value === 'string' ? Buffer.from(value) : Buffer.from([value]))),
  );

describe('the format of a file is told by its bytes', () => {
  it.each([
    ['jpg', files.jpg()],
    ['png', files.png()],
    ['gif', bytes('GIF87a')],
    ['gif', bytes('GIF89a')],
    ['amr', amr(1)],
    ['mp4', files.mp4()],
    ['mp3', files.mp3()],
    ['mp3', mp3(1)],
    ['mp3', bytes(0xff, 0xfb, 0x90, 0)],
    ['mp3', bytes(0xff, 0xe3, 0x18, 0)],
    [null, Buffer.alloc(0)],
    [null, bytes(0xff, 0xd8)],
    [null, bytes('\x89PNG')],
    [null, bytes('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    [null, bytes('RIFF\0\0\0\0WEBP')],
    [null, bytes('BM')],
    [null, bytes(0xff, 0xf1, 0x50, 0x80)],
    [null, bytes(0xff, 0xff, 0xff, 0xff)],
  ])('%s', (format, content) => {
    expect(fileFormat(content)).toBe(format);
  });
});

describe('a file fits its rule', () => {
  const KB = 1024;
  const rules: Record<string, FileRule> = { ARTICLE: articleImageRule, ...mediaRules };
  const fits = (rule: string, content: Buffer) =>
    checkFile(rules[rule]!, { name: 'x', contentType: 'text/html', bytes: Uint8Array.from(content) })
      .length === 0;

  it.each([
    ['ARTICLE', files.jpg(), true],
    ['ARTICLE', files.png(), true],
    ['ARTICLE', bytes('GIF89a'), false],
    ['ARTICLE', Buffer.alloc(0), false],
    ['IMAGE', bytes('GIF89a'), true],
    ['IMAGE', files.mp4(), false],
    ['VOICE', amr(50), true],
    ['VOICE', mp3(10), true],
    ['VOICE', files.jpg(), false],
    ['VIDEO', files.mp4(), true],
    ['VIDEO', files.mp3(), false],
    ['THUMB', files.jpg(), true],
    ['THUMB', files.png(), false],
  ])('%s: %#', (rule, content, expected) => {
    expect(fits(rule, content)).toBe(expected);
  });

  it.each([
    ['ARTICLE', 1024 * KB - 1],
    ['IMAGE', 10 * 1024 * KB],
    ['VOICE', 2 * 1024 * KB],
    ['VIDEO', 10 * 1024 * KB],
    ['THUMB', 64 * KB],
  ])('%s has at most %i bytes', (rule, most) => {
    expect(rules[rule]!.mostBytes).toBe(most);
  });

  it('plays at most sixty seconds, to the frame', () => {
    expect(fits('VOICE', amr(3_000))).toBe(true);
    expect(fits('VOICE', amr(3_001))).toBe(false);
    expect(fits('VOICE', mp3(2_500))).toBe(true);
    expect(fits('VOICE', mp3(2_501))).toBe(false);
  });
});

describe('the length of a voice', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8])('is counted for AMR of mode %i', (mode) => {
    const frame = Buffer.alloc([13, 14, 16, 18, 20, 21, 27, 32, 6][mode]!);
    frame[0] = mode << 3;
    expect(voiceSeconds('amr', bytes('#!AMR\n'))).toBe(0);
    const file = Buffer.concat([Buffer.from('#!AMR\n'), ...Array<Buffer>(100).fill(frame)]);
    expect(voiceSeconds('amr', file)).toBe(2);
  });

  it.each([
    // MPEG-1: 128 kbit/s at 44.1 kHz, with a padding byte, and 320 kbit/s at 48 kHz; MPEG-2.5: 8 kbit/s at 8 kHz.
    [0xfb, 0x90, 417, 1152 / 44_100],
    [0xfb, 0x92, 418, 1152 / 44_100],
    [0xfb, 0xe4, 960, 1152 / 48_000],
    [0xf3, 0x14, 24, 576 / 24_000],
    [0xe3, 0x18, 72, 576 / 8_000],
  ])('is counted for mp3 frames %i %i', (kind, rates, size, seconds) => {
    const frame = Buffer.alloc(size);
    frame.set([0xff, kind, rates, 0]);
    expect(voiceSeconds('mp3', Buffer.concat(Array<Buffer>(50).fill(frame)))).toBeCloseTo(50 * seconds, 6);
  });

  it('leaves tags before and after the frames out', () => {
    const tag = Buffer.alloc(10 + 300);
    tag.set([0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 2, 44]);
    const file = Buffer.concat([tag, mp3(100), bytes('TAG'), Buffer.alloc(125)]);
    expect(voiceSeconds('mp3', file)).toBeCloseTo(2.4, 6);
  });

  it('is not guessed where no frame can be read', () => {
    expect(voiceSeconds('mp3', files.mp3())).toBeNull();
    expect(voiceSeconds('amr', bytes('#!AMR\n', 0x48))).toBeNull();
    expect(voiceSeconds('jpg', files.jpg())).toBeNull();
  });
});
