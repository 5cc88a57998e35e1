import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Listens on a free port, says where, and ends when it is told to. */
export async function serve(server: Server): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ready(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

/** What the starting process waits for. */
export function ready(url: string): void {
  process.once('SIGTERM', () => process.exit(0));
  console.log(JSON.stringify({ url }));
}

/** The whole body of a request. */
export async function bodyOf(request: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
