import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Clock } from '../clock.ts';
import type { serveWebSockets } from './websocket.ts';

/** How long requests under way may take: a send is answered within ten seconds. */
const CLOSE_WITHIN_MS = 11_000;

/** Takes no more requests, asks WebSocket clients to go, and resolves once everything under way is answered or cut off. */
export async function closeServer(
  server: Server,
  webSockets: ReturnType<typeof serveWebSockets>,
  clock: Clock,
): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  const cancel = clock.after(CLOSE_WITHIN_MS, () => {
    webSockets.terminate();
    server.closeAllConnections();
  });
  await webSockets.close();
  server.closeIdleConnections();
  await closed;
  cancel();
}
