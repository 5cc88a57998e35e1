/** A voice that plays as long as it says: frames of AMR, mode 0, 20 ms each. */
export const amr = (frames: number): Buffer =>
  Buffer.concat([Buffer.from('#!AMR\n'), Buffer.concat(Array(frames).fill(Buffer.alloc(13)))]);

/** Frames of MPEG-2 layer III at 8 kbit/s and 24 kHz: 24 bytes for 24 ms each. */
export function mp3(frames: number): Buffer {
  const frame = Buffer.alloc(24);
  frame.set([0xff, 0xf3, 0x14, 0xc0]);
  return Buffer.concat(Array(frames).fill(frame));
}
