import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as broken from './broken-engines.ts';
import { Broken } from './ledger.ts';
import { type ModelDatabase, openModelDatabase } from './model-database.ts';
import { runSchedule } from './run-schedule.ts';
import { schedule } from './schedule.ts';

/** Within so many schedules a broken engine is found out. */
const RUNS = 2_000;

let database: ModelDatabase;
beforeAll(async () => {
  database = await openModelDatabase();
});
afterAll(() => database.close());

let runs = 0;

it.each([
  ['repeats what WeChat has forgotten', broken.ignoreWindow, Broken.TWICE],
  ['takes another clientmsgid for every call', broken.freshClientMsgId, Broken.TWICE],
  ['takes a quota refusal after an unknown outcome for the end', broken.believeBlocked, Broken.DENIED],
  ['takes silence for a refusal', broken.believeSilence, Broken.BELIEVED],
  ['does not look at the clock again before a call goes out', broken.lookOnce, Broken.TOO_LATE],
])('an engine that %s is found out', { timeout: RUNS * 1_000 }, async (_, alter, finding) => {
  const promises = fc.asyncProperty(schedule, (each) =>
    runSchedule({
      database,
      appId: `wx${++runs}`,
      schedule: each,
      alter,
      seen: () => {},
      counts: (found) => found.startsWith(finding),
    }),
  );
  const { failed, errorInstance } = await fc.check(promises, { numRuns: RUNS, seed: 2, endOnFailure: true });
  expect(failed).toBe(true);
  expect(String(errorInstance)).toContain(finding);
});
