import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { intact } from './broken-engines.ts';
import { type ModelDatabase, openModelDatabase } from './model-database.ts';
import { runSchedule } from './run-schedule.ts';
import { schedule } from './schedule.ts';

/** Half of the schedules of a test run: there are two files of them, which run side by side. */
const RUNS = Number(process.env.MODEL_RUNS ?? 5_000);

/** A hundred times longer than it takes. */
const TIMEOUT_MS = RUNS * 1_000;

/** Without any of these, little would have been tried: each comes up in one schedule of two hundred at least. */
const SITUATIONS = [
  'an unknown outcome repeated',
  'an unknown outcome repeated in the last minutes',
  'refused after an unknown outcome',
  'refused after it was accepted',
  'still unknown after 24 hours',
  'died at an await',
  'superseded',
  'result lost',
  'answer -1',
  'answer 42010',
  'answer 45028',
  'answer 45065',
  'answer 45066',
];

/** MODEL_RUNS and MODEL_SEED in the environment try more schedules, and others, than these. */
export function checkSchedules(ownSeed: number): void {
  const seed = Number(process.env.MODEL_SEED ?? 0) + ownSeed;
  let database: ModelDatabase;
  beforeAll(async () => {
    database = await openModelDatabase();
  });
  afterAll(() => database.close());

  it(`sends once and tells the truth, in ${RUNS} schedules of faults, jumps of the clock and restarts`, {
    timeout: TIMEOUT_MS,
  }, async () => {
    const tally = new Map<string, number>();
    const seen = (what: string) => void tally.set(what, (tally.get(what) ?? 0) + 1);
    let runs = 0;
    const promises = fc.asyncProperty(schedule, (each) =>
      runSchedule({ database, appId: `wx${++runs}`, schedule: each, alter: intact, seen }),
    );
    await fc.assert(promises, { numRuns: RUNS, seed });
    const rare = SITUATIONS.filter((situation) => (tally.get(situation) ?? 0) < RUNS / 200);
    expect(rare).toEqual([]);
  });
}
