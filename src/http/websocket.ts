import type { IncomingMessage, Server } from 'node:http';
import { GraphQLError } from 'graphql';
import { CloseCode } from 'graphql-ws';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Caller } from '../access/keyring.ts';
import { addressOf } from './address.ts';
import type { Callers } from './callers.ts';
import type { Connection, GraphQLServer } from './graphql.ts';
import { withRequestId } from './request-id.ts';

/** One operation is far smaller; a frame is read into memory whole. */
const MOST_FRAME_BYTES = 8 * 1024 * 1024;

/** GraphQL over WebSocket (`graphql-transport-ws`) on the path of GraphQL over HTTP, with the same rules and the same masks. */
export function serveWebSockets(
  server: Server,
  yoga: GraphQLServer,
  callers: Callers,
  corsOrigins: readonly string[],
) {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_FRAME_BYTES });

  const connections = new WeakMap<WebSocket, Connection>();

  server.on('upgrade', (request, socket, head) => {
    // Without a listener, a line that breaks here would end the process.
    socket.on('error', () => socket.destroy());
    const refuse = (status: string) => socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
    if (addressOf(request)?.pathname !== '/graphql') return refuse('404 Not Found');
    if (!isWelcome(request, corsOrigins)) return refuse('403 Forbidden');
    sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request));
  });

  function connect(client: WebSocket, caller: Caller): void {
    const closed = new AbortController();
    const forget = caller.onRevoked(() => client.close(CloseCode.Forbidden, 'Forbidden'));
    client.once('close', () => {
      forget();
      closed.abort();
    });
    // One that is being closed has been told why, and by that whether to come back.
    const disconnect = () => client.readyState === client.OPEN && client.terminate();
    connections.set(client, { disconnect, closed: closed.signal, caller });
  }

  const served = useServer<Record<string, unknown>, Extra & Record<PropertyKey, unknown>>(
    {
      // False closes the connection with 4403.
      onConnect({ extra: { socket, request }, connectionParams }) {
        const caller = callers.ofSocket(request, connectionParams);
        if (caller) connect(socket, caller);
        return caller !== null;
      },
      // What went wrong inside is nobody's business outside, wherever this runs.
      isProd: true,
      // graphql-ws runs the same pipeline as HTTP: parsing, validation, execution and masking with all their plugins.
      execute: (args) => (args as EnvelopedArguments).rootValue.execute(args),
      subscribe: (args) => (args as EnvelopedArguments).rootValue.subscribe(args),
      onSubscribe: (ctx, _id, { operationName, query, variables }) =>
        withRequestId(async () => {
          const connection = connections.get(ctx.extra.socket);
          const enveloped = yoga.getEnveloped({ connection, params: { query, operationName, variables } });
          const { schema, execute, subscribe, parse, validate, contextFactory } = enveloped;
          const document = orErrors(() => parse(query));
          if (Array.isArray(document)) return document;
          const errors = validate(schema, document);
          if (errors.length > 0) return [...errors];
          return {
            schema,
            operationName,
            document,
            variableValues: variables,
            contextValue: await contextFactory(),
            rootValue: { execute, subscribe },
          };
        }),
    },
    sockets,
  );

  return {
    /** Asks every client to go; resolves when the last one has gone. */
    close: () => served.dispose(),
    /** For those that do not. */
    terminate(): void {
      for (const client of sockets.clients) client.terminate();
    },
  };
}

/** Browsers let any page open a WebSocket anywhere, and ask nobody first; they do say which page it is. */
function isWelcome({ headers: { origin, host } }: IncomingMessage, corsOrigins: readonly string[]): boolean {
  if (origin === undefined || corsOrigins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** A document that cannot be read is the fault of one operation; thrown, it would end all others of the connection too. */
function orErrors<T>(read: () => T): T | GraphQLError[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}

interface EnvelopedArguments {
  rootValue: Pick<ReturnType<GraphQLServer['getEnveloped']>, 'execute' | 'subscribe'>;
}
