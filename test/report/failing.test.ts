import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import type { ViewReader } from '../../src/db/view-reader.ts';
import { answerReport } from '../../src/http/answer-report.ts';
import { createReport } from '../../src/report/report.ts';

it('says so where the database is away, logs it, and is there again with the database', async () => {
  const errors: object[] = [];
  const log = { debug() {}, info() {}, warn() {}, error: (context: object) => void errors.push(context) };
  const failure = new Error('the database is away');
  let away = true;
  const reader: ViewReader = {
    // biome-ignore lint/correctness/useYield: there is nothing to give
    async *read() {
      if (away) throw failure;
    },
  };
  const report = createReport({ reader, accounts: [], clock: { now: () => new Date('2026-06-01') } });
  const server = createServer((_, response) => void answerReport(report, response, log)).listen(
    0,
    '127.0.0.1',
  );
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    expect((await fetch(url)).status).toBe(500);
    expect(errors).toEqual([{ error: failure }]);
    away = false;
    expect((await fetch(url)).status).toBe(200);
    expect(errors).toHaveLength(1);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

it('reads once for all who ask at the same time, and anew for whoever asks later', async () => {
  let reads = 0;
  const reader: ViewReader = {
    // biome-ignore lint/correctness/useYield: there is nothing to give
    async *read() {
      reads++;
    },
  };
  const report = createReport({ reader, accounts: [], clock: { now: () => new Date('2026-06-01') } });
  await Promise.all([report(), report(), report()]);
  const once = reads;
  await report();
  expect(once).toBeGreaterThan(0);
  expect(reads).toBe(2 * once);
});
