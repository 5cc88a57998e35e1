// One event for all who are connected, in the way that is named: bare `ws`, bare `node:http`, graphql-ws or Yoga, as their manuals show.
import events from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { createPubSub, createYoga } from 'graphql-yoga';
import { WebSocketServer } from 'ws';
import { bodyOf, serve } from '../kit/serve.ts';

type Handle = (request: IncomingMessage, response: ServerResponse) => unknown;

const [, , kind = ''] = process.argv;

// As many as there are subscribers is no leak.
events.defaultMaxListeners = 0;

const kinds: Record<string, () => { publish: (body: string) => void; handle?: Handle }> = {
  ws() {
    const sockets = new WebSocketServer({ server });
    return {
      publish(body) {
        const bytes = Buffer.from(body);
        for (const client of sockets.clients) client.send(bytes, { binary: false });
      },
    };
  },

  sse() {
    const readers = new Set<ServerResponse>();
    return {
      publish(body) {
        const bytes = Buffer.from(`event: next\ndata: ${body}\n\n`);
        for (const reader of readers) reader.write(bytes);
      },
      handle(request, response) {
        request.resume();
        readers.add(response);
        response.once('close', () => readers.delete(response));
        response
          .writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
          .flushHeaders();
      },
    };
  },

  'graphql-ws'() {
    const { schema, publish } = withPubSub();
    useServer({ schema }, new WebSocketServer({ server, path: '/graphql' }));
    return { publish };
  },

  yoga() {
    const { schema, publish } = withPubSub();
    const yoga = createYoga({ schema, graphiql: false, logging: false });
    return { publish, handle: yoga };
  },
};

/** The gateway's schema, with the one field that is subscribed to. */
function withPubSub(): { schema: GraphQLSchema; publish: (body: string) => void } {
  const schema = buildSchema(readFileSync(join(import.meta.dirname, '../../schema.graphql'), 'utf8'));
  const pubSub = createPubSub<{ events: [object] }>();
  const field = schema.getSubscriptionType()?.getFields().events;
  if (!field) throw new Error('the schema has a subscription of events');
  field.subscribe = () => pubSub.subscribe('events');
  field.resolve = (event) => event;
  return { schema, publish: (body) => pubSub.publish('events', JSON.parse(body).data.events) };
}

const server = createServer(async (request, response) => {
  if (request.url !== '/publish') return handle?.(request, response);
  publish(await bodyOf(request));
  response.end();
});
const create = kinds[kind];
if (!create) throw new Error(`there is no kind ${kind}`);
const { publish, handle } = create();
await serve(server);
