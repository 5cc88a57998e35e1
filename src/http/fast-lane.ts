import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLParams } from 'graphql-yoga';
import type { Clock } from '../clock.ts';
import { UnreadColumnError, type WantedColumns } from '../db/prepared.ts';
import type { Observer } from '../observer.ts';
import { type Soon, withIt } from '../soon.ts';
import type { Callers } from './callers.ts';
import { wrongVariables } from './exact-numbers.ts';
import type { JsonReader } from './json-body.ts';
import type { KnownQueries, ReadyQuery } from './known-queries.ts';
import type { Limits } from './limits.ts';
import { beginOperation } from './observe-operations.ts';
import type { TrustedDocuments } from './trusted-documents.ts';
import { tellingOf, tooMuch, wantsCost } from './use-operation-limits.ts';
import { tooLate } from './use-time-limit.ts';

const JSON_TYPES = new Set([
  'application/json',
  'application/json; charset=utf-8',
  'application/json;charset=utf-8',
]);

const PARAMETERS = new Set(['query', 'variables', 'operationName', 'extensions']);

/** Lets tests send some requests past the lane, and count those that it answers. */
export interface LaneWatch {
  isOpen(request: IncomingMessage): boolean;
  answered(): void;
}

/** Answers a request, or leaves it as it was for the ordinary server. Resolves with whether it is answered. */
export type FastLane = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/**
 * Nearly all requests are queries as JSON that were asked for before: they are answered here by the rules of the ordinary server, in a
 * tenth of its time. It knows only how a query goes well. Whatever else a request is or comes to, an error above all, goes to the
 * ordinary server from its beginning, which costs nothing but time as queries change nothing.
 */
export function createFastLane(deps: {
  queries: KnownQueries;
  json: JsonReader;
  contextOf: (request: IncomingMessage, response: ServerResponse, wanted: WantedColumns) => unknown;
  callers: Callers;
  observer: Observer;
  trusted: TrustedDocuments | null;
  corsOrigins: readonly string[];
  limits: Limits;
  clock: Clock;
  watch?: LaneWatch | undefined;
}): FastLane {
  const { queries, json, contextOf, limits, clock, watch } = deps;

  return async (request, response) => {
    const headers = headersFor(request, deps.corsOrigins);
    if (!headers || !deps.callers.of(request) || (watch && !watch.isOpen(request))) return false;
    const params = askedFor(await json.read(request).catch(() => null), deps.trusted);
    const ready = params && queries(params.query, params.operationName)?.(params.variables);
    if (!ready || tooMuch(ready.cost, limits)) return false;
    const operation = beginOperation(deps.observer, request);
    let status = 200;
    let result: object;
    try {
      const work = operation.run(() => runSeeing(ready, (wanted) => contextOf(request, response, wanted)));
      const data = work instanceof Promise ? await inTime(work, limits.queryMs, clock) : work;
      if (data) result = { data };
      else {
        const { message, extensions } = tooLate(limits.queryMs);
        status = 503;
        result = { errors: [{ message, extensions: { code: extensions.code } }] };
      }
    } catch {
      return false;
    }
    operation.ended('query', status === 200 ? 'ok' : 'errors');
    if (wantsCost({ req: request, params }))
      Object.assign(result, { extensions: { cost: tellingOf(ready.cost, limits) } });
    const body = JSON.stringify(result);
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
    watch?.answered();
    return true;
  };
}

/** Of the answer. Null for a request that is not of the usual form. */
function headersFor(
  { method, url, headers }: IncomingMessage,
  corsOrigins: readonly string[],
): Record<string, string> | null {
  const { origin } = headers;
  if (method !== 'POST' || url !== '/graphql' || !JSON_TYPES.has(headers['content-type'] ?? '')) return null;
  const type = answerTypeFor(headers.accept);
  if (type === null) return null;
  const answer = { 'content-type': `${type}; charset=utf-8` };
  if (origin === undefined || !corsOrigins.includes(origin)) return answer;
  if (headers['access-control-request-headers'] !== undefined) return null;
  return {
    ...answer,
    'access-control-allow-origin': origin,
    vary: 'Origin',
    'access-control-allow-methods': 'GET, POST, OPTIONS',
  };
}

/** What the ordinary server makes of `Accept`, as far as clients of GraphQL send it: the first that it knows, whatever its weight. */
function answerTypeFor(accept: string | undefined): string | null {
  if (accept === undefined) return 'application/json';
  for (const part of accept.toLowerCase().split(',')) {
    const [type, ...parameters] = part.split(';').map((text) => text.trim());
    if (parameters.some((parameter) => parameter.startsWith('charset'))) return null;
    if (type === 'application/graphql-response+json' || type === 'application/json') return type;
    if (type === '*/*') return 'application/json';
    if (type?.includes('*')) return null;
  }
  return null;
}

interface Asked {
  query: string;
  operationName: string | null;
  variables: Record<string, unknown>;
  extensions: Record<string, unknown>;
}

/** Null for whatever the ordinary server may find wrong. */
function askedFor(body: GraphQLParams | null, trusted: TrustedDocuments | null): Asked | null {
  const params = body && trusted ? orNull(() => trusted({ ...body })) : body;
  if (params === null || Array.isArray(params)) return null;
  const { query, variables, operationName, extensions } = params as Record<string, unknown>;
  if (!Object.keys(params).every((name) => PARAMETERS.has(name))) return null;
  if (typeof query !== 'string' || !isMap(variables) || !isMap(extensions)) return null;
  if (operationName != null && (typeof operationName !== 'string' || operationName === '')) return null;
  if (variables && wrongVariables(variables)) return null;
  return {
    query,
    operationName: operationName ?? null,
    variables: variables ?? {},
    extensions: extensions ?? {},
  };
}

const isMap = (value: unknown): value is Record<string, unknown> | null | undefined =>
  value == null || (typeof value === 'object' && !Array.isArray(value));

function orNull<T>(ask: () => T): T | null {
  try {
    return ask();
  } catch {
    return null;
  }
}

/** The first to ask a query teaches it what it looks at; one that finds more to look at, with other rows, does so again. */
function runSeeing({ run, wanted }: ReadyQuery, contextOf: (wanted: WantedColumns) => unknown): Soon<object> {
  const learn = (): Soon<object> => {
    const seen: WantedColumns = { known: null, columns: wanted.columns };
    return withIt(run(contextOf(seen)), (data) => {
      wanted.known = [...seen.columns].sort().join();
      return data;
    });
  };
  const learnMore = (error: unknown): Soon<object> => {
    if (error instanceof UnreadColumnError) return learn();
    throw error;
  };
  if (!wanted.known) return learn();
  try {
    const data = run(contextOf(wanted));
    return data instanceof Promise ? data.catch(learnMore) : data;
  } catch (error) {
    return learnMore(error);
  }
}

/** Null where it takes longer. */
function inTime<T>(work: Promise<T>, milliseconds: number, clock: Clock): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(milliseconds, () => resolve(null));
    work.then(
      (value) => {
        cancel();
        resolve(value);
      },
      (error) => {
        cancel();
        reject(error);
      },
    );
  });
}
