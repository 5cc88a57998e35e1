import type { IncomingMessage, ServerResponse } from 'node:http';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import { GraphQLError } from 'graphql';
import { createGraphQLError, createYoga, type Plugin } from 'graphql-yoga';
import type { Log } from '../log.ts';
import type { Observer } from '../observer.ts';
import { createLoaders } from '../resolvers/loaders.ts';
import { schema } from '../resolvers/schema.ts';
import type { Context, Services } from '../schema/context.ts';
import { useExactNumbers } from './exact-numbers.ts';
import { graphiqlTabs } from './graphiql-tabs.ts';
import { readJson } from './json-body.ts';
import { readMultipart } from './multipart.ts';
import { observeOperations } from './observe-operations.ts';
import { oneSendRule } from './one-send-rule.ts';
import { requestId } from './request-id.ts';

export type Connection = Pick<Context, 'disconnect' | 'closed'>;

/** What an operation arrives with: over HTTP a request, over WebSocket the connection that it shares with others. */
interface ServerContext {
  req: IncomingMessage;
  res: ServerResponse;
  connection?: Connection;
}

function connectionOf(response: ServerResponse): Connection {
  const closed = new AbortController();
  response.once('close', () => closed.abort());
  return { disconnect: () => response.destroy(), closed: closed.signal };
}

/** Whatever is neither an outcome nor a fault of the request is told by an id, under which the log has the rest. */
function createMask(log: Log): (error: unknown) => Error {
  // One failure can take down many fields, and fills one line of the log all the same.
  const told = new WeakMap<Error, string>();

  function idOf(error: unknown): string {
    const known = error instanceof Error ? told.get(error) : undefined;
    if (known) return known;
    const id = requestId();
    if (error instanceof Error) told.set(error, id);
    log.error({ error, requestId: id }, 'a request failed');
    return id;
  }

  return (error) => {
    const original = error instanceof GraphQLError ? (error.originalError ?? error) : error;
    if (original instanceof GraphQLError) return error as GraphQLError;
    return createGraphQLError('Unexpected error.', {
      ...(error instanceof GraphQLError ? { nodes: error.nodes, path: error.path } : {}),
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: idOf(original) },
    });
  };
}

const refused = (status: number, code: string, message: string) =>
  createGraphQLError(message, { extensions: { code, http: { status } } });

function refuseBrokenJson(name: string, text: string | null): void {
  try {
    if (text) JSON.parse(text);
  } catch {
    throw refused(400, 'BAD_REQUEST', `${name} is not JSON`);
  }
}

/** Forms can be posted by any web page that somebody looks at; a header of its own can not, without the browser asking first. */
function useSafeForms(): Plugin<object, ServerContext> {
  return {
    onRequestParse({ request, serverContext, setRequestParser }) {
      if (request.method !== 'POST') {
        const parameters = new URL(request.url).searchParams;
        for (const name of ['variables', 'extensions']) refuseBrokenJson(name, parameters.get(name));
        return;
      }
      const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
      if (type === 'multipart/form-data') {
        // As Node read them: the adapter's headers leave empty ones out, and any value will do.
        if (serverContext.req.headers['graphql-require-preflight'] === undefined) {
          throw refused(403, 'FORBIDDEN', 'multipart requests need the header GraphQL-Require-Preflight');
        }
        setRequestParser(() => readMultipart(serverContext.req, serverContext.res));
      } else if (type === 'application/json' || type === 'application/graphql+json') {
        setRequestParser(() => readJson(serverContext.req));
      } else {
        throw refused(415, 'UNSUPPORTED_MEDIA_TYPE', 'requests are application/json or multipart/form-data');
      }
    },
  };
}

const useOneSend = (): Plugin => ({
  onValidate({ addValidationRule }) {
    addValidationRule(oneSendRule);
  },
});

/** GraphQL over HTTP: queries, mutations, uploads, subscriptions over SSE, and GraphiQL. */
export function createGraphQL(
  services: Services,
  log: Log,
  corsOrigins: readonly string[],
  observer: Observer,
) {
  const observed = observeOperations(observer);
  return createYoga<ServerContext, Context>({
    schema,
    graphqlEndpoint: '/graphql',
    landingPage: false,
    batching: false,
    multipart: false,
    // Each kind of request has a limit of its own, see the readers.
    maxRequestBodySize: false,
    cors: corsOrigins.length > 0 ? { origin: [...corsOrigins], methods: ['GET', 'POST', 'OPTIONS'] } : false,
    // What fails is logged by the mask, once and under its request id.
    logging: false,
    graphiql: {
      title: 'qunfa',
      defaultTabs: graphiqlTabs,
      additionalHeaders: { 'GraphQL-Require-Preflight': '1' },
    },
    renderGraphiQL,
    maskedErrors: { errorMessage: 'Unexpected error.', maskError: createMask(log) },
    context: ({ res, connection = connectionOf(res) }) => ({
      ...services,
      ...connection,
      loaders: createLoaders(services),
    }),
    plugins: [observed.first, useSafeForms(), useOneSend(), useExactNumbers(), observed.last],
  });
}
export type GraphQLServer = ReturnType<typeof createGraphQL>;
