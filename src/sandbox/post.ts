import { request } from 'node:http';

export interface PostAnswer {
  status: number;
  body: string;
}

/**
 * POSTs over a connection of its own and reads the whole answer.
 * @throws Error where the connection fails or the signal aborts
 */
export const post = (
  url: URL,
  { body, contentType, signal }: { body: string; contentType: string; signal: AbortSignal },
): Promise<PostAnswer> =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': contentType, 'content-length': Buffer.byteLength(body) };
    const outgoing = request(url, { method: 'POST', agent: false, headers, signal }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
      );
      response.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
