import { createHash } from 'node:crypto';
import { type Fields, optionalText } from './json-fields.ts';
import { refuseIf } from './refusal.ts';

/** How long an id is remembered, in milliseconds. */
export const CLIENT_MSG_ID_WINDOW = 86_400_000;

const MOST_BYTES = 64;

/**
 * The `clientmsgid` of a send. Left out, it follows from audience and content, so that the same send twice is taken for a repeat.
 * @throws Refusal 45067 (too long)
 */
export function clientMsgIdOf(fields: Fields): string {
  const given = optionalText(fields.clientmsgid) ?? '';
  refuseIf(Buffer.byteLength(given) > MOST_BYTES, 45067);
  return given === '' ? derived(fields) : given;
}

function derived({ filter, touser, msgtype, ...fields }: Fields): string {
  const content = fields[String(msgtype)] ?? fields.images;
  return createHash('sha256')
    .update(JSON.stringify([filter, touser, msgtype, content]))
    .digest('hex');
}
