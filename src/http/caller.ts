import type { IncomingMessage } from 'node:http';

/** Who asks: over HTTP a request, over WebSocket the one that opened the line, and what was said on it first. */
export interface Asking {
  request: IncomingMessage;
  connectionParams?: Readonly<Record<string, unknown>> | undefined;
}

/** Names a caller; those of one name share what a caller may have. */
export type CallerOf = (asking: Asking) => string;

export const byAddress: CallerOf = ({ request }) => request.socket.remoteAddress ?? 'unknown';
