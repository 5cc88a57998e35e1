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

/** Reads a JSON request as far as its limit. Uploads have limits of their own, so the server has none for all requests. */
export async function readJson(request: IncomingMessage, mostBytes: number): Promise<GraphQLParams> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= mostBytes) chunks.push(chunk);
    // Read on for a while, so that the answer finds a client that listens.
    else if (bytes > 4 * mostBytes) break;
  }
  if (bytes > mostBytes) throw bodyTooLarge(mostBytes);
  let body: unknown;
  try {
    body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw badRequest('POST body sent invalid JSON.');
  }
  if (typeof body !== 'object' || body === null) throw badRequest('POST body is expected to be an object');
  return body;
}
