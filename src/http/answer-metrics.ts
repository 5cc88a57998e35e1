import type { ServerResponse } from 'node:http';

/** What is measured, for whoever may read. */
export async function answerMetrics(
  scrape: () => Promise<{ contentType: string; body: string }>,
  response: ServerResponse,
): Promise<void> {
  const { contentType, body } = await scrape();
  response
    .writeHead(200, {
      'content-type': contentType,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    .end(body);
}
