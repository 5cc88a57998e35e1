import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Caller } from '../access/keyring.ts';
import type { CloseCode, MessageType } from './websocket-message.ts';

/** One operation that goes on. */
export interface Operation {
  /** Ends it; nothing of it is told any more. */
  stop: () => void;
}

/** One WebSocket. A record and no more: there are thousands of them, most of which wait. */
export interface Line {
  readonly client: WebSocket;
  /** What the client sends over. Frames that are shared are written to it as they are. */
  readonly socket: Duplex;
  /** How it was opened. Null once the client has said who it is: a request is large. */
  request: IncomingMessage | null;
  /** Null as long as nothing may be asked. */
  caller: Caller | null;
  /** Gives back what the caller has taken. */
  release: () => void;
  readonly disconnect: () => void;
  readonly operations: Map<string, Operation>;
  /** Who waits until there is room to write. */
  waiting: (() => void)[];
  /** Silence of this line is measured in this second of every dozen. */
  readonly turn: number;
  /** It has answered the last ping. */
  alive: boolean;
}

export const isOpen = ({ client }: Line): boolean => client.readyState === client.OPEN;

/** A reason may have 123 bytes. */
export function closeLine({ client }: Line, code: CloseCode | number, reason: string): void {
  client.close(code, Buffer.byteLength(reason) < 124 ? reason : '');
}

export type ServerMessage =
  | { type: typeof MessageType.CONNECTION_ACK }
  | { type: typeof MessageType.PONG; payload?: object | undefined }
  | { id: string; type: typeof MessageType.NEXT; payload: object }
  | { id: string; type: typeof MessageType.ERROR; payload: readonly object[] }
  | { id: string; type: typeof MessageType.COMPLETE };

export function say(line: Line, message: ServerMessage): void {
  if (isOpen(line)) line.client.send(JSON.stringify(message));
}

/** Writes frames, and calls `more` once there is room for others. On a line that is not open any more, there never is. */
export function writeFrames(line: Line, frames: readonly Buffer[], more: () => void) {
  if (!isOpen(line)) return;
  const { socket, waiting } = line;
  const [only] = frames;
  if (only && frames.length === 1) socket.write(only);
  else {
    socket.cork();
    for (const frame of frames) socket.write(frame);
    socket.uncork();
  }
  if (!socket.writableNeedDrain) return more();
  if (waiting.push(more) > 1) return;
  // One for all operations of the line.
  socket.once('drain', () => {
    for (const goOn of waiting.splice(0)) goOn();
  });
}
