import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CollectedSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  status: { code?: number; message?: string };
  attributes: Record<string, string | number | boolean>;
}

export interface Collector extends AsyncDisposable {
  url: string;
  /** What arrived, as it came. */
  bodies: string[];
  paths: string[];
  spans(): CollectedSpan[];
}

/** Takes OTLP over HTTP, as JSON. */
export async function createCollector(): Promise<Collector> {
  const bodies: string[] = [];
  const paths: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    bodies.push(Buffer.concat(chunks).toString());
    paths.push(`${request.method} ${request.url}`);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    paths,
    spans: () => bodies.flatMap((body) => spansOf(JSON.parse(body))),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const spansOf = ({ resourceSpans }: any): CollectedSpan[] =>
  resourceSpans.flatMap((resource: any) =>
    resource.scopeSpans.flatMap((scope: any) =>
      scope.spans.map((span: any) => ({
        ...span,
        attributes: Object.fromEntries(
          span.attributes.map(({ key, value }: any) => [key, Object.values(value)[0]]),
        ),
      })),
    ),
  );
