import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Log } from '../log.ts';
import { addressOf } from './address.ts';
import type { Callers } from './callers.ts';
import type { GraphQLServer } from './graphql.ts';
import type { Line } from './websocket-line.ts';
import { SUBPROTOCOL } from './websocket-message.ts';
import { createPings } from './websocket-pings.ts';
import { createProtocol } from './websocket-protocol.ts';

/** GraphQL over WebSocket (`graphql-transport-ws`) on the path of GraphQL over HTTP, with the same rules and the same masks. */
export function serveWebSockets(server: Server, graphql: GraphQLServer, callers: Callers, log: Log) {
  const { settings, welcomesHost } = graphql;
  const sockets = new WebSocketServer({
    noServer: true,
    // A frame is read into memory whole.
    maxPayload: settings.bodyLimit,
    handleProtocols: (protocols) => protocols.has(SUBPROTOCOL) && SUBPROTOCOL,
  });
  const lines = new Set<Line>();
  const pings = createPings(lines);
  const serve = createProtocol(graphql, callers, log);

  server.on('upgrade', (request, socket, head) => {
    // Without a listener, a line that breaks here would end the process.
    socket.on('error', destroy);
    const refuse = (status: string) => socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
    if (addressOf(request)?.pathname !== '/graphql') return refuse('404 Not Found');
    if (!welcomesHost(request) || !isWelcome(request, settings.corsOrigins)) return refuse('403 Forbidden');
    sockets.handleUpgrade(request, socket, head, (client) => open(client, socket, request));
  });

  /** What is called later must not hold on to the request: it is large, and there are thousands. */
  function open(client: WebSocket, socket: Duplex, request: IncomingMessage): void {
    const line = lineOf(client, socket, pings.nextTurn());
    line.request = request;
    lines.add(line);
    client.on('pong', () => {
      line.alive = true;
    });
    client.once('close', () => lines.delete(line));
    serve(line);
  }

  return {
    /** Asks every client to go; resolves when the last one has gone. */
    async close(): Promise<void> {
      for (const { client } of lines) client.close(1001, 'Going away');
      await new Promise((resolve) => sockets.close(resolve));
    },
    /** For those that do not. */
    terminate(): void {
      for (const { client } of lines) client.terminate();
    },
  };
}

function destroy(this: Duplex): void {
  this.destroy();
}

const lineOf = (client: WebSocket, socket: Duplex, turn: number): Line => ({
  client,
  socket,
  request: null,
  caller: null,
  release: () => {},
  // One that is being closed has been told why, and by that whether to come back.
  disconnect: () => client.readyState === client.OPEN && client.terminate(),
  operations: new Map(),
  waiting: [],
  turn,
  alive: true,
});

/** Browsers let any page open a WebSocket anywhere, and ask nobody first; they do say which page it is. */
function isWelcome({ headers: { origin, host } }: IncomingMessage, corsOrigins: readonly string[]): boolean {
  if (origin === undefined || corsOrigins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
