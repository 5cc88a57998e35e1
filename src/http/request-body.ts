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

/** Reads requests as far as their limit, and each once: whoever asks again is told the same. Uploads have limits of their own. */
export function createBodyReader(mostBytes: number) {
  const texts = onceEach((request) => readText(request, mostBytes));
  return { text: texts, json: onceEach(async (request) => readBody(await texts(request))) };
}
export type BodyReader = ReturnType<typeof createBodyReader>;

function onceEach<T>(
  read: (request: IncomingMessage) => Promise<T>,
): (request: IncomingMessage) => Promise<T> {
  const known = new WeakMap<IncomingMessage, Promise<T>>();
  return (request) => {
    let body = known.get(request);
    if (!body) {
      body = read(request);
      known.set(request, body);
    }
    return body;
  };
}

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

/** What JSON says. Throws a refusal where it says no object. */
export function readBody(text: string): GraphQLParams {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw badRequest('POST body sent invalid JSON.');
  }
  if (typeof body !== 'object' || body === null) throw badRequest('POST body is expected to be an object');
  return body;
}
