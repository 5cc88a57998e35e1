import type { IncomingMessage } from 'node:http';
import { CloseCode, type Server } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Log } from '../log.ts';

/** What graphql-ws knows of a line beside its own. */
export interface Line {
  socket: WebSocket;
  request: IncomingMessage;
}

/** Real time: it finds lines that are dead, whatever clock the gateway goes by. */
const PING_EVERY_MS = 12_000;

/** Puts a WebSocket and the protocol together. Instead of the library's own way, which writes to stderr what clients send. */
export function openLine(server: Server<Line>, line: Line, log: Log): void {
  const { socket } = line;
  // ws closes the line with the fitting code; without a listener, a bad frame would end the process.
  socket.on('error', (error) => log.debug({ error: error.message }, 'a WebSocket sent what is none'));

  let dead: NodeJS.Timeout | undefined;
  const ping = setInterval(() => {
    if (socket.readyState !== socket.OPEN) return;
    clearTimeout(dead);
    dead = setTimeout(() => socket.terminate(), PING_EVERY_MS - 1);
    socket.ping();
  }, PING_EVERY_MS);
  socket.on('pong', () => clearTimeout(dead));

  const closed = server.opened(
    {
      protocol: socket.protocol,
      send: (text) =>
        new Promise((resolve, reject) => {
          if (socket.readyState !== socket.OPEN) return resolve();
          socket.send(text, (error) => (error ? reject(error) : resolve()));
        }),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (take) => {
        socket.on('message', async (data) => {
          try {
            await take(String(data));
          } catch (error) {
            const reason = error instanceof Error ? error.message : 'unknown';
            log.debug({ error: reason }, 'a WebSocket was closed for what came over it');
            socket.close(CloseCode.InternalServerError, 'Internal server error');
          }
        });
      },
    },
    line,
  );
  socket.once('close', (code, reason) => {
    clearTimeout(dead);
    clearInterval(ping);
    void closed(code, String(reason));
  });
}
