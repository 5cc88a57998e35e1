import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

const LOOPBACK = /^(?:localhost|(?:[\w-]+\.)+localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

const LOOPBACK_ADDRESS = /^(?:127(?:\.\d{1,3}){3}|::1|::ffff:127(?:\.\d{1,3}){3})$/;

/** A proxy on this machine says that somebody else asks: it is open to whoever reaches that proxy. */
function isFromElsewhere(headers: IncomingHttpHeaders): boolean {
  const told = [headers['x-forwarded-for'], headers['x-real-ip']].flat().filter((text) => text !== undefined);
  const addresses = told.flatMap((text) => text.split(',')).map((text) => text.trim());
  return addresses.some((address) => address !== '' && !LOOPBACK_ADDRESS.test(address));
}

/**
 * An open gateway listens on this machine only, and yet any web page can have its own name point to this machine and talk to it as to
 * itself (DNS rebinding). What such a page cannot change is the name in `Host`.
 * The hosts of `corsOrigins` are welcome too, for those who put a server of their own in front.
 */
export function createHostRule({
  open,
  corsOrigins,
}: {
  open: boolean;
  corsOrigins: readonly string[];
}): (request: IncomingMessage) => boolean {
  const hosts = corsOrigins.map((origin) => new URL(origin).host);
  return ({ headers }) => {
    const { host } = headers;
    if (!open || (host !== undefined && hosts.includes(host))) return true;
    if (isFromElsewhere(headers)) return false;
    return host === undefined || LOOPBACK.test(URL.parse(`http://${host}`)?.hostname ?? '');
  };
}
