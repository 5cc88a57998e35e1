import type { IncomingMessage, Server } from 'node:http';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { CloseCode, type Context, handleProtocols, makeServer } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Caller } from '../access/keyring.ts';
import type { Log } from '../log.ts';
import { addressOf } from './address.ts';
import type { Callers } from './callers.ts';
import type { Connection } from './connection.ts';
import type { GraphQLServer } from './graphql.ts';
import { withRequestId } from './request-id.ts';
import { createShares, holderOf } from './shares.ts';
import { idInsteadOfQuery } from './trusted-documents.ts';
import { type Line, openLine } from './websocket-line.ts';

/** A code of our own, after HTTP's 429: what the protocol has does not say it. */
const TOO_MANY_CONNECTIONS = 4429;

/** GraphQL over WebSocket (`graphql-transport-ws`) on the path of GraphQL over HTTP, with the same rules and the same masks. */
export function serveWebSockets(server: Server, yoga: GraphQLServer, callers: Callers, log: Log) {
  const { limits, trusted, settings, welcomesHost } = yoga;
  // A frame is read into memory whole.
  const sockets = new WebSocketServer({ noServer: true, maxPayload: settings.bodyLimit, handleProtocols });
  const connections = new WeakMap<WebSocket, Connection>();
  const shares = createShares(limits.connections);

  server.on('upgrade', (request, socket, head) => {
    // Without a listener, a line that breaks here would end the process.
    socket.on('error', () => socket.destroy());
    const refuse = (status: string) => socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
    if (addressOf(request)?.pathname !== '/graphql') return refuse('404 Not Found');
    if (!welcomesHost(request) || !isWelcome(request, settings.corsOrigins)) return refuse('403 Forbidden');
    sockets.handleUpgrade(request, socket, head, (client) => {
      openLine(protocol, { socket: client, request }, log);
    });
  });

  const connectionOf = ({ extra }: Context<Record<string, unknown> | undefined, Line>): Connection =>
    connections.get(extra.socket)!;

  /** Whether the caller may have one more. */
  function connect(client: WebSocket, caller: Caller): boolean {
    const release = shares.take(holderOf(caller));
    if (!release) {
      client.close(TOO_MANY_CONNECTIONS, 'Too many connections');
      return false;
    }
    const closed = new AbortController();
    const forget = caller.onRevoked(() => client.close(CloseCode.Forbidden, 'Forbidden'));
    const end = () => {
      release();
      forget();
      closed.abort();
    };
    if (client.readyState === client.CLOSED) end();
    else client.once('close', end);
    // One that is being closed has been told why, and by that whether to come back.
    const disconnect = () => client.readyState === client.OPEN && client.terminate();
    connections.set(client, { disconnect, closed: closed.signal, caller });
    return true;
  }

  const protocol = makeServer<Record<string, unknown> | undefined, Line>({
    ...(trusted ? { jsonMessageReviver: idInsteadOfQuery } : {}),
    // False closes the connection with 4403, where it is not closed yet.
    onConnect({ extra: { socket, request }, connectionParams }) {
      const caller = callers.ofSocket(request, connectionParams);
      return caller !== null && connect(socket, caller);
    },
    // graphql-ws runs the same pipeline as HTTP: parsing, validation, execution and masking with all their plugins.
    execute: (args) => (args as EnvelopedArguments).rootValue.execute(args),
    subscribe: (args) => (args as EnvelopedArguments).rootValue.subscribe(args),
    onSubscribe: (ctx, _id, payload) =>
      withRequestId(async () => {
        const params = orErrors(() => (trusted ? trusted({ ...payload }) : payload));
        if (Array.isArray(params)) return params;
        const { query, operationName, variables } = params;
        const enveloped = yoga.getEnveloped({ connection: connectionOf(ctx), params });
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
    onError: (_ctx, _id, _payload, errors) => errors.map(withoutHttp),
    onNext: (_ctx, _id, _payload, _args, { errors, ...result }) =>
      errors ? { ...result, errors: errors.map(withoutHttp) } : undefined,
  });

  return {
    /** Asks every client to go; resolves when the last one has gone. */
    async close(): Promise<void> {
      for (const client of sockets.clients) client.close(1001, 'Going away');
      await new Promise((resolve) => sockets.close(resolve));
    },
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

/** What an error means for HTTP means nothing here. */
function withoutHttp(error: GraphQLError | GraphQLFormattedError): GraphQLFormattedError {
  const { extensions, ...told } = error instanceof GraphQLError ? error.toJSON() : error;
  const { http, unexpected, ...kept } = extensions ?? {};
  return Object.keys(kept).length > 0 ? { ...told, extensions: kept } : told;
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
