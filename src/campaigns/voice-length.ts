/** Bytes of an AMR-NB frame by its mode, the header included; a frame lasts 20 ms. Modes 9 to 14 are reserved. */
const AMR_FRAME_BYTES = [13, 14, 16, 18, 20, 21, 27, 32, 6, 0, 0, 0, 0, 0, 0, 1];

const MP3_BITRATES = {
  1: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};
const MP3_RATES = [44_100, 48_000, 32_000];

/** How long a voice file plays, in seconds, by its frames; null for other files and for what cannot be read. */
export function voiceSeconds(format: string, bytes: Uint8Array): number | null {
  if (format === 'amr') return amrSeconds(bytes);
  return format === 'mp3' ? mp3Seconds(bytes) : null;
}

function amrSeconds(bytes: Uint8Array): number | null {
  let frames = 0;
  for (let at = '#!AMR\n'.length; at < bytes.length; frames++) {
    const size = AMR_FRAME_BYTES[(bytes[at]! >> 3) & 0x0f]!;
    if (size === 0) return null;
    at += size;
  }
  return frames * 0.02;
}

function mp3Seconds(bytes: Uint8Array): number | null {
  let seconds = 0;
  let at = id3Bytes(bytes);
  while (at + 4 <= bytes.length) {
    const frame = mp3Frame(bytes, at);
    // Whatever follows the last frame is a tag.
    if (frame === null) break;
    seconds += frame.seconds;
    at += frame.bytes;
  }
  // Thousands of additions drift: a voice of sixty seconds must not come out as a little more.
  return seconds > 0 ? Math.round(seconds * 1e6) / 1e6 : null;
}

function id3Bytes(bytes: Uint8Array): number {
  if (bytes[0] !== 0x49 || bytes[1] !== 0x44 || bytes[2] !== 0x33) return 0;
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(6, 10);
  return 10 + ((a << 21) | (b << 14) | (c << 7) | d);
}

function mp3Frame(bytes: Uint8Array, at: number): { bytes: number; seconds: number } | null {
  const [sync = 0, kind = 0, rates = 0] = bytes.subarray(at, at + 3);
  const isLayer3 = sync === 0xff && (kind & 0xe0) === 0xe0 && (kind & 0x06) === 0x02;
  const version = (kind >> 3) & 0x03;
  const sampleRate = MP3_RATES[(rates >> 2) & 0x03];
  const bitrate = MP3_BITRATES[version === 3 ? 1 : 2][rates >> 4];
  if (!isLayer3 || version === 1 || !sampleRate || !bitrate) return null;
  const hertz = version === 3 ? sampleRate : version === 2 ? sampleRate / 2 : sampleRate / 4;
  const samples = version === 3 ? 1152 : 576;
  const padding = (rates >> 1) & 1;
  return { bytes: Math.floor(((samples / 8) * bitrate * 1000) / hertz) + padding, seconds: samples / hertz };
}
