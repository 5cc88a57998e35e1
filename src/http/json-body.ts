import type { IncomingMessage } from 'node:http';
import type { GraphQLParams } from 'graphql-yoga';
import { RefusalCode, refusal } from './refusal.ts';

const badRequest = (message: string) => refusal(400, RefusalCode.BAD_REQUEST, message);

export const bodyTooLarge = (mostBytes: number) =>
  refusal(
    413,
    RefusalCode.REQUEST_ENTITY_TOO_LARGE,
    `a request has at most ${mostBytes} bytes; send long lists of OpenIDs as audience.openIdsFile`,
  );

/** Reads JSON requests as far as their limit, and each once: whoever asks again is told the same. Uploads have limits of their own. */
export function createJsonReader(mostBytes: number): (request: IncomingMessage) => Promise<GraphQLParams> {
  const known = new WeakMap<IncomingMessage, Promise<GraphQLParams>>();
  return (request) => {
    let body = known.get(request);
    if (!body) {
      body = readText(request, mostBytes).then(parseBody);
      known.set(request, body);
    }
    return body;
  };
}
export type JsonReader = ReturnType<typeof createJsonReader>;

/** By its events, which takes a fraction of the time of iterating over it. */
function readText(request: IncomingMessage, mostBytes: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= mostBytes) return chunks.push(chunk);
    // Read on for a while, so that the answer finds a client that listens.
    if (bytes > 4 * mostBytes) request.destroy(bodyTooLarge(mostBytes));
  });
  request.once('error', reject);
  request.once('end', () => {
    if (bytes > mostBytes) reject(bodyTooLarge(mostBytes));
    else resolve(Buffer.concat(chunks).toString('utf8'));
  });
  return promise;
}

function parseBody(text: string): GraphQLParams {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw badRequest('POST body sent invalid JSON.');
  }
  if (typeof body !== 'object' || body === null) throw badRequest('POST body is expected to be an object');
  return body;
}
