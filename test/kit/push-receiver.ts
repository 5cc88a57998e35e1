import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Received {
  method: string;
  /** With its query. */
  path: string;
  contentType: string | undefined;
  body: Buffer;
}

export interface PushReceiver extends AsyncDisposable {
  port: number;
  /** `http://127.0.0.1:port` */
  url: string;
  received: Received[];
  /** How the next requests are answered, one by one. @default 200 and `success` */
  script(...answers: ((response: ServerResponse) => void)[]): void;
  /** Resolves once so many requests have come. */
  untilReceived(count: number): Promise<void>;
}

/** Somebody else's callback URL, to which pushes are passed on. */
export async function createPushReceiver(): Promise<PushReceiver> {
  const received: Received[] = [];
  const scripted: ((response: ServerResponse) => void)[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = '', url: path = '', headers } = request;
    received.push({ method, path, contentType: headers['content-type'], body: Buffer.concat(chunks) });
    server.emit('received');
    const answer = scripted.shift() ?? ((to) => to.end('success'));
    answer(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    received,
    script: (...answers) => void scripted.push(...answers),
    async untilReceived(count) {
      while (received.length < count) await once(server, 'received');
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}
