import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../src/clock.ts';
import { createSandbox } from '../src/sandbox/sandbox.ts';
import { fillEvents } from './fill-events.ts';
import { ACCOUNT, startGateway } from './kit/gateway.ts';
import { median, percentile } from './kit/rounds.ts';

// What a mass send takes while a long report reads the same database, and while none does: in turns, in one run.

const ROUNDS = 9;
const SENDS = 150;
const EVENTS = 300_000;

const SEND = `mutation ($key: String!) {
  massSend(input: { idempotencyKey: $key, audience: { tagId: 100 }, message: { text: { content: "hello" } } }) { __typename }
}`;

const folder = mkdtempSync(join(tmpdir(), 'qunfa-bench-'));
const path = join(folder, 'qunfa.sqlite');
await fillEvents(path, EVENTS);
await using sandbox = await createSandbox({ accounts: [ACCOUNT], clock: systemClock });
await using gateway = await startGateway({ database: path, wechat: sandbox.url });

async function startReport(): Promise<ChildProcess> {
  const report = fork(join(import.meta.dirname, 'heavy-report.ts'), [path]);
  await once(report, 'message');
  return report;
}

let key = 0;
async function sendFor(times: number[]): Promise<void> {
  for (let send = 0; send < SENDS; send++) {
    const startedAt = performance.now();
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: SEND, variables: { key: `bench-${++key}` } }),
    });
    const answer = await response.text();
    if (!answer.includes('MassSendSuccess')) throw new Error(answer);
    times.push(performance.now() - startedAt);
  }
}

const SHARES = [0.5, 0.9, 0.99];
const percentiles = (times: readonly number[]) => SHARES.map((share) => percentile(times, share));

await sendFor([]);
const rounds: { alone: number[]; beside: number[] }[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const [alone, beside]: [number[], number[]] = [[], []];
  // Whoever comes second finds another machine: they take turns in that, too.
  if (round % 2 === 0) await sendFor(alone);
  const report = await startReport();
  await sendFor(beside);
  report.kill('SIGKILL');
  await once(report, 'exit');
  if (round % 2 === 1) await sendFor(alone);
  rounds.push({ alone: percentiles(alone), beside: percentiles(beside) });
}

console.log(
  `${SENDS} sends each in ${ROUNDS} rounds, beside ${EVENTS.toLocaleString('en')} events: medians of the rounds, and of their ratios`,
);
console.log('      alone (ms)   beside a report (ms)   ratio');
for (const [index, share] of SHARES.entries()) {
  const one = rounds.map(({ alone }) => alone[index] ?? Number.NaN);
  const other = rounds.map(({ beside }) => beside[index] ?? Number.NaN);
  const ratios = one.map((time, round) => (other[round] ?? Number.NaN) / time);
  console.log(
    `p${share * 100}`.padEnd(4) +
      median(one).toFixed(1).padStart(12) +
      median(other).toFixed(1).padStart(23) +
      `${median(ratios).toFixed(2)}x`.padStart(8),
  );
}
rmSync(folder, { recursive: true });
