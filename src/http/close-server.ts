import { once } from 'node:events';
import type { Server } from 'node:http';
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
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

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
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    await closed;
    cancel();
  };
}
