import type { IncomingHttpHeaders } from 'node:http';

/** A request that has arrived whole. */
export interface SandboxRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
}
