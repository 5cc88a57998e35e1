import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/clock.ts';
import { openIdOf } from '../../src/sandbox/population.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { ACCOUNT } from '../kit/gateway.ts';
import type { Bench, Measured, Series } from '../kit/row.ts';

export const title = 'a million OpenIDs from the request to the last job';

/** What WeChat allows; the gateway is measured without it, to see what its own part is. */
const CALLS_A_MINUTE = 60;
const MOST_MB = 300;

const SEND = `mutation ($file: File!) {
  massSend(input: { idempotencyKey: "bench", audience: { openIdsFile: $file }, message: { text: { content: "hello" } } }) {
    ... on MassSendSuccess { campaign { progress { jobsTotal } } }
    ... on Error { message }
  }
}`;

interface Answer {
  data: { massSend: { campaign: { progress: { jobsTotal: number } } } };
}

export async function run(bench: Bench): Promise<Measured> {
  const sizes = [10_000, bench.size(20_000, 1_000_000)];
  const series = new Map<string, Series>();
  const note = (name: string, unit: string, value: number) => {
    const known = series.get(name) ?? { name, unit, values: [] };
    known.values.push(value);
    series.set(name, known);
  };
  for (let round = 0; round < Math.min(bench.rounds, 3); round++) {
    for (const [index, openIds] of sizes.entries()) {
      const name = index === 0 ? 'a hundredth' : 'all';
      const { storedMs, sentMs, peakMb } = await measure(bench, openIds);
      note(`${name}, stored`, 's', storedMs / 1000);
      note(`${name}, sent`, 's', sentMs / 1000);
      note(`${name}, peak`, 'MB', peakMb);
    }
  }
  const all = sizes[1] ?? 0;
  note('60 calls a minute', 's', (all / 10_000 / CALLS_A_MINUTE) * 60);
  note('300 MB', 'MB', MOST_MB);
  return {
    setup: `${all.toLocaleString('en')} OpenIDs from a file, and 10,000 to compare with, each through a new process; the sandbox takes any number of calls a minute`,
    series: [...series.values()],
    comparisons: [
      { of: 'all, sent', to: '60 calls a minute', atMost: 1, against: 'limit' },
      { of: 'all, peak', to: '300 MB', atMost: 1, against: 'limit' },
      { of: 'all, peak', to: 'a hundredth, peak', against: 'limit' },
    ],
  };
}

/** Sends to a file of so many OpenIDs, to the last job, through a gateway that does nothing else. */
async function measure(bench: Bench, openIds: number) {
  await using sandbox = await createSandbox({
    accounts: [{ ...ACCOUNT, followers: openIds }],
    clock: systemClock,
  });
  const database = join(mkdtempSync(join(bench.folder, 'audience-')), 'qunfa.sqlite');
  await using gateway = await bench.startGateway({ database, wechat: sandbox.url });
  const form = new FormData();
  form.set('operations', JSON.stringify({ query: SEND, variables: { file: null } }));
  form.set('map', '{"0":["variables.file"]}');
  form.set('0', new Blob([linesOf(openIds)]), 'open-ids.txt');
  const startedAt = performance.now();
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'graphql-require-preflight': '1' },
    body: form,
  });
  const storedMs = performance.now() - startedAt;
  const { data } = (await response.json()) as Answer;
  const jobs = data.massSend.campaign.progress.jobsTotal;
  while (sandbox.sends(ACCOUNT.appId).length < jobs) await sandbox.waitFor('accepted');
  const sentMs = performance.now() - startedAt;
  const reached = new Set(
    sandbox.sends(ACCOUNT.appId).flatMap(({ body }) => (body as { touser: string[] }).touser),
  );
  if (reached.size !== openIds) throw new Error(`${reached.size} of ${openIds} OpenIDs were sent to`);
  return { storedMs, sentMs, peakMb: (await gateway.usage()).peakMb };
}

const linesOf = (count: number): string =>
  Array.from({ length: count }, (_, index) => `${openIdOf(index + 1)}\n`).join('');
