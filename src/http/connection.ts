import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context } from '../schema/context.ts';
import type { Asked } from './asked.ts';
import type { Callers } from './callers.ts';

/** Over WebSocket, operations share one. */
export type Connection = Pick<Context, 'disconnect' | 'closed' | 'caller'>;

/** What an operation arrives with. */
export interface ServerContext {
  req: IncomingMessage;
  res: ServerResponse;
  connection?: Connection;
  asked?: Asked;
}

export function connectionOf({ req, res: response }: ServerContext, callers: Callers): Connection {
  const caller = callers.of(req);
  if (!caller) throw new Error('a request without a caller was not refused');
  const closed = new AbortController();
  response.once('close', () => closed.abort());
  return { disconnect: () => response.destroy(), closed: closed.signal, caller };
}
