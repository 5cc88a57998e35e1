import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'qunfa-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Never a second try: a proof that failed once has failed. */
const LONG = { timeout: 300_000, retry: 0 };

/** The proof as anybody runs it. */
const prove = (...options: string[]) =>
  new Promise<{ exitCode: unknown; table: string; progress: string }>((resolve) => {
    const script = join(import.meta.dirname, '../../prove/prove.ts');
    const env = { ...process.env, TMPDIR: folder };
    execFile(process.execPath, [script, ...options], { env }, (error, table, progress) =>
      resolve({ exitCode: error?.code ?? 0, table, progress }),
    );
  });

/** The number that stands behind a name. */
const count = (table: string, name: string) =>
  Number(new RegExp(`^  ${name} +(\\d+)$`, 'm').exec(table)?.[1]);

it('sends everything once and knows every outcome, wherever the gateway is killed', LONG, async () => {
  const { exitCode, table, progress } = await prove('--kills', '42', '--seed', '1');
  expect(exitCode, `${table}\n${progress}`).toBe(0);
  expect(count(table, 'accepted by WeChat exactly once')).toBeGreaterThan(42);
  const offences = ['doubled', 'lost', 'given up without a reason', 'unknown after reconciliation'];
  expect(offences.map((offence) => count(table, offence))).toEqual([0, 0, 0, 0]);
  expect(count(table, 'submissions.accept:before')).toBeGreaterThan(0);
  expect(table).not.toContain('never killed at');
});

it('is not fooled by an engine that calls WeChat before the intent is stored', LONG, async () => {
  const { exitCode, table } = await prove(
    ...['--kills', '20', '--seed', '2', '--at', 'sandbox.send:accepted', '--break', 'no-intent'],
  );
  expect(exitCode).toBe(1);
  expect(count(table, 'lost')).toBeGreaterThan(0);
  expect(table).toContain('WeChat has it, and no campaign knows');
});

it('is not fooled by an engine that takes a fresh clientmsgid for every try', LONG, async () => {
  const { exitCode, table } = await prove('--kills', '6', '--seed', '3', '--break', 'fresh-clientmsgid');
  expect(exitCode).toBe(1);
  expect(count(table, 'doubled')).toBeGreaterThan(0);
  expect(table).toContain('WeChat has it more than once');
});

it('is not fooled by an engine that gives up what WeChat puts off', LONG, async () => {
  const { exitCode, table } = await prove('--kills', '10', '--seed', '4', '--break', 'gives-up');
  expect(exitCode).toBe(1);
  expect(count(table, 'given up without a reason')).toBeGreaterThan(0);
});
