import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import type { serveWebSockets } from './websocket.ts';

/** How long requests under way may take: a send is answered within ten seconds. */
const CLOSE_WITHIN_MS = 11_000;

/** Takes no more requests, asks WebSocket clients to go, and resolves once everything under way is answered or cut off. */
export function closingOf(
  server: Server,
  webSockets: ReturnType<typeof serveWebSockets>,
  clock: Clock,
): () => Promise<void> {
  /** Those that have not asked for anything yet. */
  const silent = new Set<Socket>();
  function forget(this: Socket): void {
    silent.delete(this);
  }
  function hear({ socket }: IncomingMessage): void {
    if (silent.delete(socket)) socket.off('close', forget);
  }
  server.on('connection', (socket) => {
    silent.add(socket);
    socket.on('close', forget);
  });
  server.on('request', hear);
  server.on('upgrade', hear);

  return async () => {
    const closed = once(server, 'close');
    server.close();
    const cancel = clock.after(CLOSE_WITHIN_MS, () => {
      webSockets.terminate();
      server.closeAllConnections();
    });
    await webSockets.close();
    server.closeIdleConnections();
    // One that has never asked for anything is not idle to Node, and clients keep such ones in store.
    for (const socket of silent) if (socket.bytesRead === 0) socket.destroy();
    await closed;
    cancel();
  };
}
