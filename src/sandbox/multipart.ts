import type { IncomingHttpHeaders } from 'node:http';
import { Refusal } from './refusal.ts';

/**
 * The bytes of the form's file field `media`.
 * @throws Refusal 41005 where the body is no form or has no such file
 */
export async function readMediaFile(headers: IncomingHttpHeaders, body: Buffer): Promise<Buffer> {
  const type = headers['content-type'] ?? '';
  const form = await new Response(Uint8Array.from(body), { headers: { 'content-type': type } })
    .formData()
    .catch(() => null);
  const file = form?.get('media');
  if (!(file instanceof File)) throw new Refusal(41005);
  return Buffer.from(await file.arrayBuffer());
}
