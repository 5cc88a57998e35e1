/** Bytes of a narrow-band frame by its mode, header included (RFC 4867, section 5.3). The rest are reserved. */
const FRAME_BYTES = [13, 14, 16, 18, 20, 21, 27, 32, 6];
const FRAMES_PER_SECOND = 50;
const EMPTY_FRAME_BYTES = 1;

/** How long an AMR file plays. */
export function amrSeconds(bytes: Buffer): number {
  let frames = 0;
  let at = '#!AMR\n'.length;
  while (at < bytes.length) {
    const mode = (bytes.readUInt8(at) >> 3) & 0x0f;
    at += FRAME_BYTES[mode] ?? EMPTY_FRAME_BYTES;
    frames++;
  }
  return frames / FRAMES_PER_SECOND;
}
