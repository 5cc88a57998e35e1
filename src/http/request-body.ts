import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { GraphQLError } from 'graphql';
import type { GraphQLParams } from 'graphql-yoga';
import { RefusalCode, refusal } from './refusal.ts';

export const badRequest = (message: string) => refusal(400, RefusalCode.BAD_REQUEST, message);

export const bodyTooLarge = (mostBytes: number) =>
  refusal(
    413,
    RefusalCode.REQUEST_ENTITY_TOO_LARGE,
    `a request has at most ${mostBytes} bytes; send long lists of OpenIDs as audience.openIdsFile`,
  );

/** Reads requests as far as their limit, and each once: whoever asks again is told the same. Uploads have limits of their own. */
export function createBodyReader(mostBytes: number) {
  const known = new WeakMap<IncomingMessage, Promise<string>>();
  function text(request: IncomingMessage): Promise<string> {
    const body = known.get(request) ?? readText(request, mostBytes);
    known.set(request, body);
    return body;
  }
  return {
    text,
    json: async (request: IncomingMessage): Promise<GraphQLParams> => readBody(await text(request)),
    /** For a request that goes on, and about which nobody will ask again. */
    forget: (request: IncomingMessage): void => void known.delete(request),
  };
}
export type BodyReader = ReturnType<typeof createBodyReader>;

/** By its events, which takes a fraction of the time of iterating over it. */
function readText(request: IncomingMessage, mostBytes: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const chunks: Buffer[] = [];
  let bytes = 0;
  const take = (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= mostBytes) return chunks.push(chunk);
    // Read on for a while, so that the answer finds a client that listens.
    if (bytes > 4 * mostBytes) request.destroy(bodyTooLarge(mostBytes));
  };
  request.on('data', take);
  // A client that breaks off is nothing that has failed here.
  const fail = (error: Error) =>
    reject(error instanceof GraphQLError ? error : badRequest('the request broke off'));
  request.on('error', fail);
  request.once('end', () => {
    // The request is there for as long as its answer goes on.
    request.off('data', take);
    request.off('error', fail);
    if (bytes > mostBytes) return reject(bodyTooLarge(mostBytes));
    const body = Buffer.concat(chunks);
    // Read as UTF-8 all the same, what cannot be read would go out to everybody as "�".
    if (!isUtf8(body)) return reject(badRequest('the request is not text in UTF-8'));
    resolve(body.toString('utf8'));
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
