import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Traced } from '../observer.ts';
import { createRecent } from '../recent.ts';

/** Sends whose traces go on, newest last: the result of an older one begins a trace of its own. */
const MOST_SENDS = 10_000;

/** How long the last spans may take once the gateway closes. */
const CLOSE_WITHIN_MS = 2_000;

const TRACEPARENT = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/;

/** As W3C's recommendation "Trace Context" has it; what cannot be read begins a new trace. */
function remoteContext(traceparent: string | null): Context {
  const [, version, traceId = '', spanId = '', flags = '', rest] =
    TRACEPARENT.exec(traceparent?.trim() ?? '') ?? [];
  const span: SpanContext = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
  const isReadable = version !== 'ff' && (version !== '00' || rest === undefined) && isSpanContextValid(span);
  return isReadable ? trace.setSpanContext(ROOT_CONTEXT, span) : ROOT_CONTEXT;
}

/** Spans of operations, sends, calls and pushes. Their attributes are ids and closed sets: nothing that anybody wrote, no address. */
export function startTraces(deps: { endpoint: string; clock: Clock; log: Log }): {
  observer: Traced;
  close(): Promise<void>;
} {
  const { endpoint, clock, log } = deps;
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': process.env.OTEL_SERVICE_NAME || 'qunfa' }),
    spanProcessors: [
      new BatchSpanProcessor(
        telling(new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` }), log),
      ),
    ],
  });
  const tracer = provider.getTracer('qunfa');
  const current = new AsyncLocalStorage<Context>();
  const here = (): Context => current.getStore() ?? ROOT_CONTEXT;
  const sends = createRecent<Context>(MOST_SENDS);

  function remember(campaignId: string, span: Span): void {
    if (!sends.get(campaignId)) sends.set(campaignId, trace.setSpan(ROOT_CONTEXT, span));
  }
  const ofSend = (campaignId: string | null | undefined): Context =>
    (campaignId && sends.get(campaignId)) || ROOT_CONTEXT;

  const observer: Traced = {
    operation({ transport, traceparent }) {
      const span = tracer.startSpan(
        'graphql',
        { kind: SpanKind.SERVER, startTime: clock.now(), attributes: { 'qunfa.transport': transport } },
        remoteContext(traceparent),
      );
      return {
        run: (work) => current.run(trace.setSpan(ROOT_CONTEXT, span), work),
        ended(kind, outcome) {
          span.updateName(`graphql ${kind}`);
          span.setAttributes({ 'graphql.operation.type': kind, 'qunfa.outcome': outcome });
          if (outcome !== 'ok') span.setStatus({ code: SpanStatusCode.ERROR });
          span.end(clock.now());
        },
      };
    },
    takenIn({ appId, campaignId, replayed }) {
      const attributes = {
        'qunfa.account': appId,
        'qunfa.campaign_id': campaignId,
        'qunfa.replayed': replayed,
      };
      const span = tracer.startSpan('send taken in', { startTime: clock.now(), attributes }, here());
      span.end(clock.now());
      remember(campaignId, span);
    },
    async attempt({ id, campaignId, appId }, run) {
      const attributes = {
        'qunfa.account': appId,
        'qunfa.campaign_id': campaignId,
        'qunfa.job_id': id,
      };
      const span = tracer.startSpan(
        'send attempt',
        { startTime: clock.now(), attributes },
        ofSend(campaignId),
      );
      // A send from before the last start goes on in the trace of its first attempt since.
      remember(campaignId, span);
      try {
        const outcome = await current.run(trace.setSpan(ROOT_CONTEXT, span), run);
        span.setAttribute('qunfa.outcome', outcome.kind);
        if (outcome.kind !== 'accepted') span.setStatus({ code: SpanStatusCode.ERROR });
        return outcome;
      } catch (error) {
        // Never its message: it may quote what was sent.
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end(clock.now());
      }
    },
    call({ appId, endpoint, at, durationMs, code }) {
      const attributes = {
        'qunfa.account': appId,
        'qunfa.endpoint': endpoint,
        ...(code === null ? {} : { 'qunfa.wechat_code': code }),
      };
      const options = { kind: SpanKind.CLIENT, startTime: at, attributes };
      const span = tracer.startSpan(`wechat ${endpoint}`, options, here());
      if (code !== 0) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end(new Date(at.getTime() + durationMs));
    },
    push({ appId }) {
      const startTime = clock.now();
      return {
        ended({ campaignId, jobId }, stored) {
          const attributes = {
            'qunfa.account': appId,
            ...(campaignId ? { 'qunfa.campaign_id': campaignId } : {}),
            ...(jobId ? { 'qunfa.job_id': jobId } : {}),
          };
          const options = { kind: SpanKind.SERVER, startTime, attributes };
          const span = tracer.startSpan('callback', options, ofSend(campaignId));
          if (!stored) span.setStatus({ code: SpanStatusCode.ERROR });
          span.end(clock.now());
        },
      };
    },
  };

  return {
    observer,
    async close() {
      const late = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_WITHIN_MS).unref());
      await Promise.race([provider.shutdown().catch(() => {}), late]);
    },
  };
}

/** An exporter that fails is logged, without its reason: that may quote the address, where some keep a key. */
function telling(exporter: SpanExporter, log: Log): SpanExporter {
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        if (result.code !== 0) log.warn({ spans: spans.length }, 'traces could not be handed over');
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
  };
}
