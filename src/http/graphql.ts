import type { IncomingMessage, ServerResponse } from 'node:http';
import { createYoga } from 'graphql-yoga';
import type { Caller } from '../access/keyring.ts';
import { showsGraphiql } from '../config/config.ts';
import type { WantedColumns } from '../db/prepared.ts';
import type { Log } from '../log.ts';
import type { Observer } from '../observer.ts';
import { createLoaders } from '../resolvers/loaders.ts';
import { schema } from '../resolvers/schema.ts';
import type { Context, Services } from '../schema/context.ts';
import { useAsked } from './asked.ts';
import { type Callers, useCallers } from './callers.ts';
import { type Asked, type Connection, connectionOf, type ServerContext } from './connection.ts';
import { createDocumentCaches } from './document-caches.ts';
import { useExactNumbers } from './exact-numbers.ts';
import { createFastLane, type LaneWatch } from './fast-lane.ts';
import { useFeeds } from './feed.ts';
import { createGraphiqlPage } from './graphiql-page.ts';
import { graphiqlTabs } from './graphiql-tabs.ts';
import { createHostRule } from './host-rule.ts';
import { createKnownQueries } from './known-queries.ts';
import { createKnownRequests } from './known-requests.ts';
import { type Limits, usualLimits } from './limits.ts';
import { createMask } from './mask.ts';
import { observeOperations } from './observe-operations.ts';
import { useOneSend } from './one-send-rule.ts';
import { createBodyReader } from './request-body.ts';
import { requestId } from './request-id.ts';
import { createSharedExecution } from './shared-execution.ts';
import { createShares } from './shares.ts';
import { createTrustedDocuments } from './trusted-documents.ts';
import { aliasRule, useOperationLimits } from './use-operation-limits.ts';
import { useQuietErrors } from './use-quiet-errors.ts';
import { useSafeForms } from './use-safe-forms.ts';
import { useSubscriptionShares } from './use-subscription-shares.ts';
import { useTimeLimit } from './use-time-limit.ts';
import { useTrustedDocuments } from './use-trusted-documents.ts';

/** What of the gateway's settings decides who may ask what. */
export interface GraphQLSettings {
  /** Whoever reaches it may do everything. */
  open: boolean;
  corsOrigins: readonly string[];
  introspection: boolean;
  /** Null: any document is served. */
  trustedDocuments: ReadonlyMap<string, string> | null;
  /** Of a request without its files, in bytes. */
  bodyLimit: number;
}

/** The signal of what no connection ends. */
const NEVER = new AbortController().signal;

/** GraphQL over HTTP: queries, mutations, uploads, subscriptions over SSE, and GraphiQL. */
export function createGraphQL(
  services: Services,
  callers: Callers,
  log: Log,
  observer: Observer,
  settings: GraphQLSettings,
  { limits = usualLimits, laneWatch }: { limits: Limits | undefined; laneWatch: LaneWatch | undefined },
) {
  const { corsOrigins, introspection } = settings;
  const observed = observeOperations(observer);
  const mask = createMask(log);
  const trusted = settings.trustedDocuments && createTrustedDocuments(settings.trustedDocuments);
  const bodies = createBodyReader(settings.bodyLimit);
  const subscriptions = createShares(limits.subscriptions);
  const contextOf = (connection: Connection, wanted: WantedColumns | null) => ({
    ...services,
    caller: connection.caller,
    record: null,
    requestId: requestId(),
    disconnect: connection.disconnect,
    closed: connection.closed,
    wanted,
    loaders: createLoaders(services, wanted),
  });
  /** Nobody's connection may be kept by what others share. */
  const contextFor = (caller: Caller, wanted: WantedColumns | null = null) =>
    contextOf({ caller, disconnect: () => {}, closed: () => NEVER }, wanted);
  const lane = createFastLane({
    requests: createKnownRequests(createKnownQueries(schema, limits, [aliasRule(limits.aliases)]), trusted),
    readText: bodies.text,
    contextOf: contextFor,
    callers,
    observer,
    corsOrigins,
    limits,
    clock: services.clock,
    watch: laneWatch,
  });
  const yoga = createYoga<ServerContext, Context & Connection>({
    schema,
    graphqlEndpoint: '/graphql',
    landingPage: false,
    batching: false,
    parserAndValidationCache: createDocumentCaches(),
    multipart: false,
    // Each kind of request has a limit of its own, see the readers.
    maxRequestBodySize: false,
    // Asked for every request: for an origin that is not on the list, the server's own list would answer with the origin "null", which
    // is what a page in a sandboxed frame calls itself.
    cors: (request) => {
      const origin = request.headers.get('origin');
      return origin !== null && corsOrigins.includes(origin)
        ? // Twice: for a list of one, the library does not say that the answer varies by it.
          { origin: [origin, origin], credentials: false, methods: ['GET', 'POST', 'OPTIONS'] }
        : false;
    },
    // What fails is logged by the mask, once and under its request id.
    logging: false,
    graphiql: showsGraphiql(settings) && {
      title: 'qunfa',
      defaultTabs: graphiqlTabs,
      additionalHeaders: { 'GraphQL-Require-Preflight': '1' },
    },
    renderGraphiQL: createGraphiqlPage(mask),
    maskedErrors: { maskError: mask },
    context: ({ req, res, connection = connectionOf({ req, res }, callers) }) => contextOf(connection, null),
    plugins: [
      observed.first,
      useCallers(callers),
      useSafeForms(bodies.json, settings.bodyLimit),
      ...(trusted ? [useTrustedDocuments(trusted)] : []),
      ...(introspection ? [] : [useQuietErrors()]),
      useAsked(),
      useOneSend(),
      useOperationLimits(limits),
      useExactNumbers(),
      useFeeds(),
      useSubscriptionShares(subscriptions, limits.subscriptions),
      useTimeLimit(limits, services.clock),
      observed.last,
    ],
  });
  const answer = async (request: IncomingMessage, response: ServerResponse, asked: Asked): Promise<void> => {
    if (!(await lane(request, response))) await yoga(request, response, { asked });
  };
  const shared = createSharedExecution({
    events: services.events,
    shares: subscriptions,
    mask,
    contextOf: contextFor,
  });
  const welcomesHost = createHostRule(settings);
  return Object.assign(yoga, { answer, bodies, limits, trusted, settings, welcomesHost, shared });
}
export type GraphQLServer = ReturnType<typeof createGraphQL>;
