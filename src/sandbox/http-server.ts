import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Dispatch } from './dispatch.ts';
import type { Outcome } from './faults.ts';
import type { SandboxRequest } from './request.ts';

/** Over the largest upload by enough for its form. */
const MOST_BYTES = 12 * 1024 * 1024;

export function createHttpServer(dispatch: Dispatch, arrived: (request: SandboxRequest) => void): Server {
  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(incoming);
    if (body === null) {
      response.writeHead(413).end();
      return;
    }
    const { pathname: path, searchParams: query } = new URL(incoming.url ?? '/', 'http://sandbox');
    const { method = '', headers } = incoming;
    const request = { method, path, query, headers, body };
    arrived(request);
    const { outcome, release } = await dispatch(request);
    if (outcome === 'hang' && !response.destroyed) response.once('close', release);
    else release();
    answer(response, outcome);
  }

  return createServer((incoming, response) => {
    // A client that goes away while it sends is no concern of ours.
    serve(incoming, response).catch(() => response.destroy());
  });
}

/** Null where it is too long. */
async function readBody(incoming: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    bytes += chunk.length;
    // Read to its end all the same: a client that still sends would not see the answer.
    if (bytes <= MOST_BYTES) chunks.push(chunk);
  }
  return bytes <= MOST_BYTES ? Buffer.concat(chunks) : null;
}

function answer(response: ServerResponse, outcome: Outcome): void {
  if (outcome === 'hang') return;
  if (outcome === 'drop') {
    response.destroy();
    return;
  }
  response.writeHead(outcome.status, { 'content-type': outcome.contentType }).end(outcome.body);
}
