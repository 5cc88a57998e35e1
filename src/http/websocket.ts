import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
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
    // They are counted here.
    clientTracking: false,
    // A frame is read into memory whole.
    maxPayload: settings.bodyLimit,
    handleProtocols: (protocols) => protocols.has(SUBPROTOCOL) && SUBPROTOCOL,
  });
  const lines = new Map<WebSocket, Line>();
  const pings = createPings(lines);
  const protocol = createProtocol(graphql, callers, log);
  let allGone: (() => void) | null = null;

  // The same functions for all, which find the line by its client: there are thousands, and most of them wait.
  function onMessage(this: WebSocket, data: RawData): void {
    const line = lines.get(this);
    if (line) protocol.hear(line, String(data));
  }
  function onPong(this: WebSocket): void {
    const line = lines.get(this);
    if (line) line.alive = true;
  }
  function onClose(this: WebSocket): void {
    const line = lines.get(this);
    lines.delete(this);
    if (line) protocol.end(line);
    if (lines.size === 0) allGone?.();
  }
  // ws closes the line with the fitting code; without a listener, a bad frame would end the process.
  const onError = (error: Error) => log.debug({ error: error.message }, 'a WebSocket sent what is none');

  callers.onReplaced(() => {
    for (const line of lines.values()) protocol.refuseRevoked(line);
  });

  server.on('upgrade', (request, socket, head) => {
    // Without a listener, a line that breaks here would end the process.
    socket.on('error', destroy);
    const refuse = (status: string) => socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
    if (addressOf(request)?.pathname !== '/graphql') return refuse('404 Not Found');
    if (!welcomesHost(request) || !isWelcome(request, settings.corsOrigins)) return refuse('403 Forbidden');
    sockets.handleUpgrade(request, socket, head, (client) => open(client, socket, request));
  });

  function open(client: WebSocket, socket: Duplex, request: IncomingMessage): void {
    // From here on ws has listeners of its own.
    socket.off('error', destroy);
    const line = lineOf(client, socket, pings.nextTurn());
    lines.set(client, line);
    client.on('message', onMessage).on('pong', onPong).on('close', onClose).on('error', onError);
    protocol.begin(line, request);
  }

  return {
    /** Asks every client to go; resolves when the last one has gone. */
    async close(): Promise<void> {
      sockets.close();
      for (const client of lines.keys()) client.close(1001, 'Going away');
      if (lines.size === 0) return;
      await new Promise<void>((resolve) => {
        allGone = resolve;
      });
    },
    /** For those that do not. */
    terminate(): void {
      for (const client of lines.keys()) client.terminate();
    },
  };
}

function destroy(this: Duplex): void {
  this.destroy();
}

const lineOf = (client: WebSocket, socket: Duplex, turn: number): Line => ({
  client,
  socket,
  opening: null,
  caller: null,
  operations: [],
  hearing: null,
  waiting: null,
  turn,
  alive: true,
});

/** Browsers let any page open a WebSocket anywhere, and ask nobody first; they do say which page it is. */
function isWelcome({ headers: { origin, host } }: IncomingMessage, corsOrigins: readonly string[]): boolean {
  if (origin === undefined || corsOrigins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
