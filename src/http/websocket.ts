import type { Server } from 'node:http';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { Services } from '../schema/context.ts';
import { contextOf, type GraphQLServer } from './graphql.ts';
import { withRequestId } from './request-id.ts';

/** One operation is far smaller; a frame is read into memory whole. */
const MOST_FRAME_BYTES = 8 * 1024 * 1024;

/** GraphQL over WebSocket (`graphql-transport-ws`) on the path of GraphQL over HTTP, with the same rules and the same masks. */
export function serveWebSockets(server: Server, yoga: GraphQLServer, services: Services) {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_FRAME_BYTES });

  server.on('upgrade', (request, socket, head) => {
    if (new URL(request.url ?? '/', 'http://gateway').pathname !== '/graphql') {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request));
  });

  const served = useServer(
    {
      // graphql-ws runs the same pipeline as HTTP: parsing, validation, execution and masking with all their plugins.
      execute: (args) => (args as EnvelopedArguments).rootValue.execute(args),
      subscribe: (args) => (args as EnvelopedArguments).rootValue.subscribe(args),
      onSubscribe: (ctx, _id, { operationName, query, variables }) =>
        withRequestId(async () => {
          const { socket } = ctx.extra;
          const closed = new AbortController();
          socket.once('close', () => closed.abort());
          const enveloped = yoga.getEnveloped({
            ...contextOf(services, { disconnect: () => socket.terminate(), closed: closed.signal }),
            params: { query, operationName, variables },
          });
          const { schema, execute, subscribe, parse, validate, contextFactory } = enveloped;
          const document = parse(query);
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

  return { close: () => served.dispose() };
}

interface EnvelopedArguments {
  rootValue: Pick<ReturnType<GraphQLServer['getEnveloped']>, 'execute' | 'subscribe'>;
}
