import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Caller } from '../access/keyring.ts';
import type { Member } from './shared-execution.ts';
import type { CloseCode, MessageType } from './websocket-message.ts';

/** One operation that goes on. */
export interface Operation {
  readonly line: Line;
  readonly id: string;
  /** Aborted where it is over before it has been answered, or has begun as a subscription. */
  beginning: AbortController | null;
  /** What it goes on as then. */
  member: Member | null;
}

/** What a client has said and is not done with. */
export interface Hearing {
  readonly unheard: string[];
  underWay: number;
  waitsForRoom: boolean;
}

/** One WebSocket. A record and no more: there are thousands of them, most of which wait. */
export interface Line {
  readonly client: WebSocket;
  /** What the client sends over. Frames that are shared are written to it as they are. */
  readonly socket: Duplex;
  /** How it was opened, and until when its client has to say who it is. Null once it has: a request is large. */
  opening: { request: IncomingMessage; late: NodeJS.Timeout } | null;
  /** Null as long as nothing may be asked. */
  caller: Caller | null;
  /** A list, as most lines have one: a map of one takes six times as much. */
  operations: readonly Operation[];
  /** Null where it is done with all that its client has said. */
  hearing: Hearing | null;
  /** Who waits until there is room to write. */
  waiting: (() => void)[] | null;
  /** Silence of this line is measured in this second of every dozen. */
  readonly turn: number;
  /** It has answered the last ping. */
  alive: boolean;
}

export const isOpen = ({ client }: Line): boolean => client.readyState === client.OPEN;

export const operationOf = ({ operations }: Line, id: string): Operation | undefined =>
  operations.find((operation) => operation.id === id);

export function takeOff(operation: Operation): void {
  const { line } = operation;
  line.operations = line.operations.filter((other) => other !== operation);
}

/** A reason may have 123 bytes. */
export function closeLine({ client }: Line, code: CloseCode, reason: string): void {
  client.close(code, Buffer.byteLength(reason) < 124 ? reason : '');
}

/** One that is being closed has been told why, and by that whether to come back. */
export function breakOff(line: Line): void {
  if (isOpen(line)) line.client.terminate();
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
export function writeFrames(line: Line, frames: readonly Buffer[], more: () => void): void {
  if (!isOpen(line)) return;
  const { socket } = line;
  const [only] = frames;
  if (only && frames.length === 1) socket.write(only);
  else {
    socket.cork();
    for (const frame of frames) socket.write(frame);
    socket.uncork();
  }
  if (!socket.writableNeedDrain) {
    more();
    return;
  }
  if (line.waiting) {
    line.waiting.push(more);
    return;
  }
  const waiting = [more];
  line.waiting = waiting;
  // One for all operations of the line.
  socket.once('drain', () => {
    line.waiting = null;
    for (const goOn of waiting) goOn();
  });
}
