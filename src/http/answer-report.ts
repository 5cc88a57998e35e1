import type { ServerResponse } from 'node:http';
import type { Log } from '../log.ts';
import { CONTENT_SECURITY_POLICY } from '../report/page.ts';

export async function answerReport(
  report: () => Promise<string>,
  response: ServerResponse,
  log: Log,
): Promise<void> {
  try {
    const page = await report();
    response
      .writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': `${CONTENT_SECURITY_POLICY}; frame-ancestors 'none'`,
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      })
      .end(page);
  } catch (error) {
    log.error({ error }, 'a report could not be made');
    response
      .writeHead(500, { 'content-type': 'text/plain; charset=utf-8' })
      .end('the report could not be made; the log says why');
  }
}
