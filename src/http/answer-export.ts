import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Export } from '../export/exports.ts';

/** Streams an export as fast as it is read. One that fails in the middle ends without its end, so that nobody takes it for whole. */
export async function answerExport(result: Export, response: ServerResponse): Promise<void> {
  if (result.status !== 200) {
    response.writeHead(result.status, { 'content-type': 'text/plain; charset=utf-8' }).end(result.reason);
    return;
  }
  response.writeHead(200, {
    'content-type': result.mediaType,
    'content-disposition': `attachment; filename="${result.fileName}"`,
    'x-content-type-options': 'nosniff',
  });
  // Whoever asks for the head alone is not read a table for.
  if (response.req.method === 'HEAD') return void response.end();
  await pipeline(Readable.from(result.pieces), response);
}
