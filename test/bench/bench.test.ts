import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { chartOf } from '../../bench/kit/chart.ts';
import { type Result, ratioOf, tableOf } from '../../bench/kit/report.ts';

const BENCH = join(import.meta.dirname, '../../bench/bench.ts');

const bench = (...args: string[]) => promisify(execFile)(process.execPath, [BENCH, ...args]);

const result: Result = {
  name: 'read',
  title: 'reading',
  setup: 'a few',
  seconds: 1,
  at: '2026-06-01T00:00:00.000Z',
  series: [
    { name: 'qunfa', unit: '/s', values: [90, 200, 330] },
    { name: 'floor', unit: '/s', values: [100, 100, 300] },
  ],
  comparisons: [{ of: 'qunfa', to: 'floor', atLeast: 1, against: 'floor' }],
};

it('compares a round with its own, and takes the middle of the ratios', () => {
  expect(ratioOf(result, result.comparisons[0]!)).toEqual({
    middle: 1.1,
    lowest: 0.9,
    highest: 2,
    margin: 1.1,
    reached: true,
  });
});

it('takes a smaller ratio for the better one where the goal is not to pass something', () => {
  const { margin, reached } = ratioOf(result, { of: 'qunfa', to: 'floor', atMost: 0.55, against: 'floor' });
  expect(margin).toBeCloseTo(0.5);
  expect(reached).toBe(false);
});

it('judges the ratio that it tells, and not its further digits', () => {
  const series = result.series.map((each) => ({
    ...each,
    values: each.name === 'qunfa' ? [1_004] : [1_000],
  }));
  const { middle, reached } = ratioOf(
    { ...result, series },
    { of: 'qunfa', to: 'floor', atMost: 1, against: 'floor' },
  );
  expect([middle, reached]).toEqual([1, true]);
});

it('writes a table with the goals, and a chart with a bar for each', () => {
  expect(tableOf(result)).toMatch(/\| qunfa ÷ floor +\| 1.10× +\| 0.90 to 2.00 +\| at least 1× +\| yes +\|/);
  expect(chartOf([result])).toMatch(/read: qunfa ÷ floor[\s\S]*1\.10× \(at least 1×\)/);
});

// It starts five processes, from their sources.
it('measures a row', async () => {
  const { stdout } = await bench('client', '--quick');
  expect(stdout).toMatch(/\| qunfa ÷ a raw socket +\| \d/);
  expect(stdout).toMatch(/\| qunfa ÷ fetch +\| \d/);
});

it('says which rows there are', async () => {
  await expect(bench('nothing')).rejects.toMatchObject({
    stdout: expect.stringContaining('read, pages, callbacks'),
  });
});
