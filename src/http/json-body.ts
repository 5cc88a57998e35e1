import type { IncomingMessage } from 'node:http';
import type { GraphQLParams } from 'graphql-yoga';
import { createGraphQLError } from 'graphql-yoga';

/** A quarter of a million OpenIDs; longer lists come as a file. */
export const MOST_BODY_BYTES = 8 * 1024 * 1024;

const badRequest = (message: string) =>
  createGraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { spec: true, status: 400 } } });

const tooLarge = () =>
  createGraphQLError(
    `a request has at most ${MOST_BODY_BYTES} bytes; send long lists of OpenIDs as audience.openIdsFile`,
    {
      extensions: { code: 'REQUEST_ENTITY_TOO_LARGE', http: { status: 413 } },
    },
  );

/** Reads a JSON request as far as its limit. Uploads have limits of their own, so the server has none for all requests. */
export async function readJson(request: IncomingMessage): Promise<GraphQLParams> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MOST_BODY_BYTES) chunks.push(chunk);
    // Read on for a while, so that the answer finds a client that listens.
    else if (bytes > 4 * MOST_BODY_BYTES) break;
  }
  if (bytes > MOST_BODY_BYTES) throw tooLarge();
  let body: unknown;
  try {
    body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw badRequest('POST body sent invalid JSON.');
  }
  if (typeof body !== 'object' || body === null) throw badRequest('POST body is expected to be an object');
  return body;
}
