const padded = (head: Buffer, bytes: number) => Buffer.concat([head, Buffer.alloc(bytes - head.length)]);

/** Files that begin as their kind does; what follows is empty. */
export const files = {
  jpg: (bytes = 100) => padded(Buffer.from([0xff, 0xd8, 0xff, 0xe0]), bytes),
  png: (bytes = 100) => padded(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), bytes),
  mp3: (bytes = 100) => padded(Buffer.from('ID3'), bytes),
  mp4: (bytes = 100) => padded(Buffer.from('\0\0\0\x18ftypmp42', 'latin1'), bytes),
  /** Frames of mode 0: 13 bytes for 20 ms. */
  amr: (seconds = 1) => padded(Buffer.from('#!AMR\n'), 6 + 13 * 50 * seconds),
};
