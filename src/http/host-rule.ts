import type { IncomingMessage } from 'node:http';

const LOOPBACK = /^(?:localhost|(?:[\w-]+\.)+localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

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
  return ({ headers: { host } }) => {
    if (!open || host === undefined || hosts.includes(host)) return true;
    return URL.canParse(`http://${host}`) && LOOPBACK.test(new URL(`http://${host}`).hostname);
  };
}
