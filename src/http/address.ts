import type { IncomingMessage } from 'node:http';

/**
 * What a request asks for. Null where that is no address, or one that reads otherwise than it is written: a proxy in front that lets
 * some paths through judges by how they are written, and `/wechat/callback/../../graphql` is none of those.
 */
export function addressOf({ url = '/', headers: { host = 'gateway' } }: IncomingMessage): URL | null {
  const address = URL.parse(`http://${host}${url}`);
  return address?.pathname === url.replace(/[?#].*/s, '') ? address : null;
}
