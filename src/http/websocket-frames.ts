import type { Results } from './sink.ts';
import { MessageType } from './websocket-message.ts';

/** Copying so many bytes costs less than handing them over one by one; above, all who are told share the bytes themselves. */
const MOST_COPIED_BYTES = 16_384;

/** A final frame of text. */
const FINAL_TEXT = 0x81;

const CLOSING = Buffer.from('}');

/** The first bytes of an unmasked frame (RFC 6455, 5.2). */
function headerOf(length: number): Buffer {
  if (length < 126) return Buffer.from([FINAL_TEXT, length]);
  const header = Buffer.allocUnsafe(length < 65_536 ? 4 : 10);
  header[0] = FINAL_TEXT;
  if (length < 65_536) {
    header[1] = 126;
    header.writeUInt16BE(length, 2);
  } else {
    header[1] = 127;
    header.writeBigUInt64BE(BigInt(length), 2);
  }
  return header;
}

/** Results as the bytes of `next` messages, the same for all who chose the same id. */
export function framesOf({ payloads, framed }: Results, id: string): readonly Buffer[] {
  const known = framed.get(id);
  if (known) return known;
  const opening = Buffer.from(`{"id":${JSON.stringify(id)},"type":"${MessageType.NEXT}","payload":`);
  const parts = payloads.flatMap((payload) => [
    headerOf(opening.length + payload.length + CLOSING.length),
    opening,
    payload,
    CLOSING,
  ]);
  const bytes = parts.reduce((sum, { length }) => sum + length, 0);
  const frames = bytes > 0 && bytes <= MOST_COPIED_BYTES ? [Buffer.concat(parts, bytes)] : parts;
  framed.set(id, frames);
  return frames;
}
