import type { IncomingMessage, ServerResponse } from 'node:http';

/** What of an answer of GraphQL tells a browser that a page may read it, as the ordinary server has it. */
export const graphqlCors = (origin: string | undefined, corsOrigins: readonly string[]): object =>
  origin !== undefined && corsOrigins.includes(origin)
    ? {
        'access-control-allow-origin': origin,
        vary: 'Origin',
        'access-control-allow-methods': 'GET, POST, OPTIONS',
      }
    : {};

/**
 * Lets pages of the allowed origins read what is not GraphQL, which has rules of its own for them. Tells whether it has answered: browsers
 * ask first whether they may send a key.
 */
export function answersPreflight(
  request: IncomingMessage,
  response: ServerResponse,
  corsOrigins: readonly string[],
): boolean {
  const { origin } = request.headers;
  if (corsOrigins.length > 0) response.setHeader('vary', 'Origin');
  if (origin === undefined || !corsOrigins.includes(origin)) return false;
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-expose-headers', 'content-disposition');
  if (request.method !== 'OPTIONS') return false;
  response
    .writeHead(204, {
      'access-control-allow-methods': 'GET, HEAD',
      'access-control-allow-headers': 'authorization',
    })
    .end();
  return true;
}
