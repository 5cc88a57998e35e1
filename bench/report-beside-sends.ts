import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../src/clock.ts';
import { createSandbox } from '../src/sandbox/sandbox.ts';
import { fillEvents } from './fill-events.ts';
import { ACCOUNT, graphqlHeaders, startGateway } from './kit/gateway.ts';
import { percentile } from './kit/rounds.ts';

// What a mass send takes while a long report reads the same database, and while none does: in turns, in one run.

const ROUNDS = 6;
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
      headers: { 'content-type': 'application/json', ...graphqlHeaders },
      body: JSON.stringify({ query: SEND, variables: { key: `bench-${++key}` } }),
    });
    const answer = await response.text();
    if (!answer.includes('MassSendSuccess')) throw new Error(answer);
    times.push(performance.now() - startedAt);
  }
}

await sendFor([]);
const alone: number[] = [];
const beside: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  await sendFor(alone);
  const report = await startReport();
  await sendFor(beside);
  report.kill('SIGKILL');
  await once(report, 'exit');
}

console.log(`${alone.length} sends each, in ${ROUNDS} turns, beside ${EVENTS.toLocaleString('en')} events`);
console.log('      alone (ms)   beside a report (ms)   ratio');
for (const share of [0.5, 0.9, 0.99]) {
  const [one, other] = [percentile(alone, share), percentile(beside, share)];
  console.log(
    `p${share * 100}`.padEnd(4) +
      one.toFixed(1).padStart(12) +
      other.toFixed(1).padStart(23) +
      `${(other / one).toFixed(2)}x`.padStart(8),
  );
}
rmSync(folder, { recursive: true });
