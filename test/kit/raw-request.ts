import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';

/** A POST to the gateway whose body is written piece by piece, by a client that may never come to its end. */
export interface RawPost {
  request: ClientRequest;
  /** The answer, as soon as it is there. */
  answer: Promise<{ status: number; body: any }>;
}

export function rawPost(url: string, headers: Record<string, string>): RawPost {
  const outgoing = request(`${url}/graphql`, { method: 'POST', headers });
  const answer = once(outgoing, 'response').then(async (given) => {
    const response: IncomingMessage = given[0];
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    return { status: response.statusCode ?? 0, body: text.startsWith('{') ? JSON.parse(text) : text };
  });
  // Whoever stops in the middle is told that the connection is gone, which is what was wanted.
  outgoing.on('error', () => {});
  answer.catch(() => {});
  return { request: outgoing, answer };
}

const BOUNDARY = 'the-boundary';

export const multipartHeaders = {
  'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
  'graphql-require-preflight': '1',
};

export const field = (name: string, value: string): string =>
  `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

/** A part with a file, as far as its first byte. */
export const fileHead = (name: string, filename = 'a.jpg'): string =>
  `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"; filename="${filename}"\r\ncontent-type: image/jpeg\r\n\r\n`;

export const END = `\r\n--${BOUNDARY}--\r\n`;

/** Posts a form that is written by hand, byte for byte. */
export function postForm(url: string, ...parts: (string | Uint8Array)[]): RawPost['answer'] {
  const post = rawPost(url, multipartHeaders);
  for (const part of parts) post.request.write(part);
  post.request.end();
  return post.answer;
}
