import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Scope } from '../access/scope.ts';
import { type createCallbackHandler, MAX_PUSH_BYTES } from '../callback/handler.ts';
import { showsGraphiql } from '../config/config.ts';
import type { Exports } from '../export/exports.ts';
import type { Log } from '../log.ts';
import { addressOf } from './address.ts';
import { answerExport } from './answer-export.ts';
import { answerReport } from './answer-report.ts';
import type { Callers } from './callers.ts';
import { answersPreflight } from './cross-origin.ts';
import { createEventStreamLane } from './event-stream.ts';
import type { GraphQLServer } from './graphql.ts';
import { RefusalCode } from './refusal.ts';
import { withRequestId } from './request-id.ts';
import { welcomePage } from './welcome-page.ts';

/** What is read past GraphQL. */
const READING = /^\/(?:export\/|(?:report|metrics)$)/;

const CALLBACK = /^\/wechat\/callback\/([^/]+)$/;

/** For whatever watches over the process, by whatever name it knows it. */
const OPEN_TO_ALL = new Set(['/healthz', '/readyz']);

/** What takes too long to arrive is answered, so that whoever sends it knows why, before Node cuts the line. */
const ANSWER_FIRST_MS = 60_000;

/** Which part of the gateway answers which path. */
export function createRoutes(deps: {
  graphql: GraphQLServer;
  callers: Callers;
  callback: ReturnType<typeof createCallbackHandler>;
  exports: Exports;
  /** Makes the page anew. */
  report: () => Promise<string>;
  /** In the text format of Prometheus. */
  metrics: () => Promise<{ contentType: string; body: string }>;
  isReady: () => Promise<boolean>;
  log: Log;
}): Server {
  const subscribed = createEventStreamLane(deps.graphql, deps.callers);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const address = addressOf(request);
    if (!address) return end(response, 400, 'the address cannot be read');
    const { pathname, searchParams } = address;
    const appId = CALLBACK.exec(pathname)?.[1];
    if (appId !== undefined) {
      const body = await readBounded(request);
      const pushed = await deps.callback({
        method: request.method ?? 'GET',
        appId: decodeSafely(appId),
        query: searchParams,
        body: body.toString('utf8'),
        wire: {
          query: request.url?.split('?').slice(1).join('?') ?? '',
          body,
          contentType: request.headers['content-type'] ?? null,
        },
        ...(request.socket.remoteAddress ? { remoteAddress: request.socket.remoteAddress } : {}),
      });
      // What was not read of a body cannot be told from the next request.
      if (!request.complete) response.setHeader('connection', 'close');
      if (pushed.status === 405) response.setHeader('allow', 'GET, POST');
      return end(response, pushed.status, pushed.body, pushed.contentType);
    }
    if (!OPEN_TO_ALL.has(pathname) && !deps.graphql.welcomesHost(request)) return answerForeignHost(response);
    if (READING.test(pathname)) {
      if (answersPreflight(request, response, deps.graphql.settings.corsOrigins)) return;
      if (!deps.callers.admit(request, response, Scope.READ)) return;
      if (!isRead(request))
        return end(response.setHeader('allow', 'GET, HEAD'), 405, 'only GET is answered here');
    }
    if (pathname.startsWith('/export/')) return answerExport(deps.exports(pathname, searchParams), response);
    switch (pathname) {
      case '/graphql': {
        const asked = await subscribed(request, response);
        return void (asked && (await deps.graphql.answer(request, response, asked)));
      }
      case '/healthz':
        return end(response, 200, 'ok');
      case '/readyz': {
        const ready = await deps.isReady();
        return end(response, ready ? 200 : 503, ready ? 'ready' : 'not ready');
      }
      case '/metrics': {
        const { contentType, body } = await deps.metrics();
        return end(response.setHeader('cache-control', 'no-store'), 200, body, contentType);
      }
      case '/report':
        if (searchParams.size > 0) return end(response, 400, 'the report takes no parameters');
        return answerReport(deps.report, response, deps.log);
      case '/':
        return end(
          response,
          200,
          welcomePage(showsGraphiql(deps.graphql.settings)),
          'text/html; charset=utf-8',
        );
      default:
        return end(response, 404, 'not found');
    }
  }

  /** What comes as far as here is nobody's fault but ours, unless the client went away meanwhile. */
  function breakOff(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    if (!request.socket.destroyed) deps.log.error({ error }, 'a request could not be answered');
    response.destroy();
  }

  /** A connection may be kept alive, which a server that closes would wait for. */
  const letGo = () => {
    if (!server.listening) setImmediate(() => server.closeIdleConnections());
  };
  const requestTimeout = deps.graphql.limits.mutationMs + ANSWER_FIRST_MS;
  const server = createServer({ requestTimeout }, (request, response) => {
    response.on('close', letGo);
    // An answer may come before the end of what is asked.
    request.on('end', letGo);
    void withRequestId(() => answer(request, response).catch((error) => breakOff(request, response, error)));
  });
  return server;
}

function answerForeignHost(response: ServerResponse): void {
  const message =
    'without API keys, this gateway answers only on this machine, to names like localhost: set API_KEYS';
  const refused = JSON.stringify({ errors: [{ message, extensions: { code: RefusalCode.FORBIDDEN } }] });
  end(response, 403, refused, 'application/json; charset=utf-8');
}

function end(
  response: ServerResponse,
  status: number,
  body: string | Buffer,
  type = 'text/plain; charset=utf-8',
): void {
  response.writeHead(status, { 'content-type': type, 'x-content-type-options': 'nosniff' }).end(body);
}

/** Node leaves the body of the answer to HEAD out by itself. */
const isRead = ({ method }: IncomingMessage): boolean => method === 'GET' || method === 'HEAD';

/** As far as it takes to see that a body is too large: the end of such a one is not waited for. By events, like JSON. */
function readBounded(request: IncomingMessage): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  let bytes = 0;
  const take = (chunk: Buffer) => {
    bytes += chunk.length;
    chunks.push(chunk);
    if (bytes <= MAX_PUSH_BYTES) return;
    request.off('data', take).pause();
    resolve(Buffer.concat(chunks));
  };
  request.on('data', take);
  request.once('error', reject);
  request.once('end', () => resolve(Buffer.concat(chunks)));
  return promise;
}

/** A path that cannot be decoded names no account. */
function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
