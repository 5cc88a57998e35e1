import type { IncomingHttpHeaders } from 'node:http';
import busboy from 'busboy';
import { Refusal } from './refusal.ts';

/**
 * The bytes of the form's file field `media`.
 * @throws Refusal 41005 where the body is no form or has no such file
 */
export const readMediaFile = (headers: IncomingHttpHeaders, body: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const missing = () => reject(new Refusal(41005));
    if (!headers['content-type']?.startsWith('multipart/form-data')) return missing();
    const form = busboy({ headers });
    form.on('file', (field, file) => {
      const chunks: Buffer[] = [];
      file.on('data', (chunk: Buffer) => chunks.push(chunk));
      file.on('end', () => field === 'media' && resolve(Buffer.concat(chunks)));
    });
    // A form without the file ends here; one with it has resolved before.
    form.on('close', missing);
    form.on('error', missing);
    form.end(body);
  });
