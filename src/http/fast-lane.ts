import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller } from '../access/keyring.ts';
import type { Clock } from '../clock.ts';
import { UnreadColumnError, type WantedColumns } from '../db/prepared.ts';
import type { Observer } from '../observer.ts';
import { type Soon, withIt } from '../soon.ts';
import type { Callers } from './callers.ts';
import { graphqlCors } from './cross-origin.ts';
import type { ReadyQuery } from './known-queries.ts';
import type { KnownRequest } from './known-requests.ts';
import type { Limits } from './limits.ts';
import { beginOperation } from './observe-operations.ts';
import type { BodyReader } from './request-body.ts';
import { createSharedReads } from './shared-reads.ts';
import { withoutHttp } from './told-errors.ts';
import { tellingOf, tooMuch, wantsCost } from './use-operation-limits.ts';
import { inTime, tooLate } from './use-time-limit.ts';

const JSON_TYPES = new Set([
  'application/json',
  'application/json; charset=utf-8',
  'application/json;charset=utf-8',
]);

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
  requests: (body: string) => KnownRequest | null;
  readText: BodyReader['text'];
  /** What an execution needs, for whoever may do the same as this caller. */
  contextOf: (caller: Caller, wanted: WantedColumns) => unknown;
  callers: Callers;
  observer: Observer;
  corsOrigins: readonly string[];
  limits: Limits;
  clock: Clock;
  watch?: LaneWatch | undefined;
}): FastLane {
  const { requests, callers, contextOf, limits, watch } = deps;
  const shared = createSharedReads<Told>();

  /** The data of a query as the body of an answer. */
  async function tell({ query }: KnownRequest, caller: Caller, tellsCost: boolean): Promise<Told> {
    const work = runSeeing(query, (wanted) => contextOf(caller, wanted));
    const data = work instanceof Promise ? await inTime(work, limits.queryMs, deps.clock) : work;
    const result = data ? { data } : { errors: [withoutHttp(tooLate(limits.queryMs))] };
    const extensions = tellsCost ? { extensions: { cost: tellingOf(query.cost, limits) } } : null;
    return { status: data ? 200 : 503, body: Buffer.from(JSON.stringify({ ...result, ...extensions })) };
  }

  return async (request, response) => {
    const headers = headersFor(request, deps.corsOrigins);
    const caller = headers && callers.of(request);
    if (!caller || (watch && !watch.isOpen(request))) return false;
    const text = await deps.readText(request).catch(() => null);
    const asked = text === null ? null : requests(text);
    if (!asked || tooMuch(asked.query.cost, limits)) return false;
    const operation = beginOperation(deps.observer, request);
    const tellsCost = wantsCost({ req: request, params: asked });
    const who = JSON.stringify([caller.name, ...caller.scopes, tellsCost]);
    let told: Told;
    try {
      told = await shared(who + text, () => operation.run(() => tell(asked, caller, tellsCost)));
    } catch {
      return false;
    }
    // Others may have had it read who still may know it.
    if (caller.isRevoked()) return false;
    operation.ended('query', told.status === 200 ? 'ok' : 'errors');
    response.writeHead(told.status, { ...headers, 'content-length': told.body.length }).end(told.body);
    watch?.answered();
    return true;
  };
}

/** An answer, the same for all who ask the same. */
interface Told {
  status: number;
  body: Buffer;
}

/** Of the answer. Null for a request that is not of the usual form. */
function headersFor(
  { method, url, headers }: IncomingMessage,
  corsOrigins: readonly string[],
): Record<string, string> | null {
  if (method !== 'POST' || url !== '/graphql' || !JSON_TYPES.has(headers['content-type'] ?? '')) return null;
  const type = answerTypeFor(headers.accept);
  if (type === null || headers['access-control-request-headers'] !== undefined) return null;
  return { 'content-type': `${type}; charset=utf-8`, ...graphqlCors(headers.origin, corsOrigins) };
}

/** What the ordinary server makes of `Accept`, as far as clients of GraphQL send it: the first that it knows, whatever its weight. */
function answerTypeFor(accept: string | undefined): string | null {
  if (accept === undefined) return 'application/json';
  for (const part of accept.toLowerCase().split(',')) {
    const [type, ...parameters] = part.split(';').map((text) => text.trim());
    if (parameters.some((parameter) => parameter.includes('charset'))) return null;
    if (type === 'application/graphql-response+json' || type === 'application/json') return type;
    if (type === '*/*') return 'application/json';
    if (type?.includes('*')) return null;
  }
  return null;
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
