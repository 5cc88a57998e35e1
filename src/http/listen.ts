import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Resolves with `http://host:port` once requests are answered. Rejects where the port is taken. */
export async function listen(server: Server, on: { host: string; port: number }): Promise<string> {
  server.listen(on.port, on.host);
  await once(server, 'listening');
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
