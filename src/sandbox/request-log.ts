import type { IncomingHttpHeaders } from 'node:http';
import type { SandboxRequest } from './request.ts';

export interface RequestRecord {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: IncomingHttpHeaders;
  /** As text; empty for uploads, whose bytes are not kept. */
  body: string;
  at: Date;
}

const MOST_KEPT = 500;

/** The last requests, newest last. */
export function createRequestLog() {
  const records: RequestRecord[] = [];
  return {
    records: records as readonly RequestRecord[],
    add({ method, path, query, headers, body }: SandboxRequest, at: Date): RequestRecord {
      const isUpload = headers['content-type']?.startsWith('multipart/');
      const text = isUpload ? '' : body.toString();
      const record = { method, path, query: Object.fromEntries(query), headers, body: text, at };
      records.push(record);
      if (records.length > MOST_KEPT) records.shift();
      return record;
    },
  };
}
