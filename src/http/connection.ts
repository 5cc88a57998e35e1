import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context } from '../schema/context.ts';
import type { Asking } from './caller.ts';

/** Over WebSocket, operations share one. */
export interface Connection extends Pick<Context, 'disconnect' | 'closed'> {
  asking: Asking;
}

/** What an operation arrives with. */
export interface ServerContext {
  req: IncomingMessage;
  res: ServerResponse;
  connection?: Connection;
}

export function connectionOf(request: IncomingMessage, response: ServerResponse): Connection {
  const closed = new AbortController();
  response.once('close', () => closed.abort());
  return { disconnect: () => response.destroy(), closed: closed.signal, asking: { request } };
}
