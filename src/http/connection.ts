import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import type { Context } from '../schema/context.ts';
import type { Callers } from './callers.ts';

/** Over WebSocket, operations share one. */
export type Connection = Pick<Context, 'disconnect' | 'closed' | 'caller'>;

/** What a lane of our own has found out about a request that it leaves to the server after all. */
export interface Asked {
  /** Why it was not done, to be told in whatever form the client accepts. */
  result?: ExecutionResult;
}

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
  let closed: AbortController | null = null;
  return {
    disconnect: () => response.destroy(),
    closed() {
      if (!closed) {
        const controller = new AbortController();
        closed = controller;
        if (response.closed) controller.abort();
        else response.once('close', () => controller.abort());
      }
      return closed.signal;
    },
    caller,
  };
}
