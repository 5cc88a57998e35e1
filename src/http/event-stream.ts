import type { IncomingMessage, ServerResponse } from 'node:http';
import { getOperationAST, parse } from 'graphql';
import type { GraphQLParams } from 'graphql-yoga';
import { addressOf } from './address.ts';
import { contentTypeOf, isJson, paramsInAddress } from './asked.ts';
import type { Callers } from './callers.ts';
import type { Asked, Connection } from './connection.ts';
import { graphqlCors } from './cross-origin.ts';
import { createEventStreams, EVENT_STREAM } from './event-stream-response.ts';
import { isFeed } from './feed.ts';
import type { GraphQLServer } from './graphql.ts';
import { runOnLine } from './own-line.ts';
import { hasOnlyParameters, isWellFormed } from './params.ts';

/** Whether nothing is odd about it; what is, the server knows better how to refuse. */
const isPlain = (params: GraphQLParams): params is GraphQLParams & { query: string } =>
  typeof params.query === 'string' && isWellFormed({ ...params }) && hasOnlyParameters(params);

/**
 * Subscriptions over SSE, each a connection of its own (the distinct connections mode of graphql-sse), past the server's pipeline for
 * answers and with all of its rules. Whatever is no such subscription, or cannot be begun, is left to the server.
 */
export function createEventStreamLane(graphql: GraphQLServer, callers: Callers) {
  const { limits, trusted, settings, shared, bodies } = graphql;
  const streams = createEventStreams(shared, callers);

  function paramsOf(request: IncomingMessage): Promise<GraphQLParams> | null {
    if (request.method === 'GET') return Promise.resolve(addressOf(request)!).then(paramsInAddress);
    const isBody = request.method === 'POST' && isJson(contentTypeOf(request.headers['content-type']));
    return isBody ? bodies.json(request) : null;
  }

  /** Looked at before any plugin has: to them, what is left to the server must not be an operation of its own. */
  function isSubscription({ query = '', operationName }: GraphQLParams): boolean {
    if (!query.includes('subscription')) return false;
    try {
      const document = parse(query, { noLocation: true, maxTokens: limits.tokens });
      return getOperationAST(document, operationName)?.operation === 'subscription';
    } catch {
      return false;
    }
  }

  /** Null: it is answered. */
  return async function answer(request: IncomingMessage, response: ServerResponse): Promise<Asked | null> {
    const { accept = '', origin } = request.headers;
    const types = accept.toLowerCase().split(/\s*,\s*/);
    const caller = types.includes(EVENT_STREAM) ? callers.of(request) : null;
    if (!caller || request.headers['access-control-request-headers']) return {};
    const params = paramsOf(request);
    if (!params) return {};
    const known = await params.then((given) => (trusted ? trusted({ ...given }) : given)).catch(() => null);
    if (!known || !isPlain(known) || !isSubscription(known)) return {};

    const over = new AbortController();
    const abort = () => over.abort();
    response.once('close', abort);
    const disconnect = () => response.destroy();
    const connection: Connection = { disconnect, closed: () => over.signal, caller };
    // Before anything asks what the key may do: one that is revoked from here on ends what it has begun.
    const forget = caller.onRevoked(disconnect);
    const asked = { req: request, res: response, params: known, connection };
    const outcome = await runOnLine(graphql, asked).catch(() => null);
    response.off('close', abort);
    forget();
    if (!outcome) return {};
    if (Array.isArray(outcome) || !isFeed(outcome)) {
      const result = Array.isArray(outcome) ? { errors: outcome } : outcome;
      // What errors are told as hangs on what else is accepted, and for several parts nobody but the server knows.
      return accept.includes('multipart') ? {} : { result };
    }
    bodies.forget(request);
    if (response.destroyed) {
      shared.discard(outcome);
      return null;
    }
    streams.open(response, outcome, graphqlCors(origin, settings.corsOrigins));
    return null;
  };
}
