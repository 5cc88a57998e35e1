import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How many connections may wait to be taken; the system may allow fewer. Beyond Node's 511, a burst of clients would be reset. */
const BACKLOG = 4_096;

/** Resolves with `http://host:port` once requests are answered. Rejects where the port is taken. */
export async function listen(server: Server, on: { host: string; port: number }): Promise<string> {
  server.listen({ port: on.port, host: on.host, backlog: BACKLOG });
  await once(server, 'listening');
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
