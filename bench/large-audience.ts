import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../src/clock.ts';
import { openIdOf } from '../src/sandbox/population.ts';
import { createSandbox } from '../src/sandbox/sandbox.ts';
import { startUnderMeasure } from './gateway-under-measure.ts';

const AUDIENCES = [10_000, 100_000, 1_000_000];

const SEND = `mutation ($file: File!) {
  massSend(input: { idempotencyKey: "bench", audience: { openIdsFile: $file }, message: { text: { content: "hello" } } }) {
    ... on MassSendSuccess { campaign { progress { jobsTotal } } }
    ... on Error { message }
  }
}`;

interface Answer {
  data: { massSend: { campaign: { progress: { jobsTotal: number } } } };
}

interface Measured {
  openIds: number;
  storedMs: number;
  sentMs: number;
  peakMb: number;
}

/** Sends to a file of so many OpenIDs, to the last job, through a gateway that does nothing else. */
async function measure(openIds: number): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'qunfa-bench-'));
  const limits = { callsPerMinute: 100_000, callsPerDay: 100_000 };
  const account = { appId: 'wxbench', appSecret: 'bench', type: 'service', limits } as const;
  await using sandbox = await createSandbox({
    accounts: [{ ...account, followers: openIds }],
    clock: systemClock,
  });
  const accounts = join(folder, 'accounts.json');
  writeFileSync(accounts, JSON.stringify([{ ...account, name: 'bench', callbackToken: 'bench' }]));
  using gateway = await startUnderMeasure({
    DATABASE_URL: `file:${join(folder, 'qunfa.sqlite')}`,
    WECHAT_ACCOUNTS_FILE: accounts,
    WECHAT_API_BASE_URL: sandbox.url,
  });
  try {
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
    while (sandbox.sends(account.appId).length < jobs) await sandbox.waitFor('accepted');
    const sentMs = performance.now() - startedAt;
    const reached = new Set(
      sandbox.sends(account.appId).flatMap(({ body }) => (body as { touser: string[] }).touser),
    );
    if (reached.size !== openIds) throw new Error(`${reached.size} of ${openIds} OpenIDs were sent to`);
    return { openIds, storedMs, sentMs, peakMb: await gateway.peakMb() };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const linesOf = (count: number): string =>
  Array.from({ length: count }, (_, index) => `${openIdOf(index + 1)}\n`).join('');

console.log('   OpenIDs   stored (s)   all sent (s)   peak memory (MB)   against the first');
let first: number | null = null;
for (const openIds of AUDIENCES) {
  const { storedMs, sentMs, peakMb } = await measure(openIds);
  first ??= peakMb;
  const columns = [
    openIds.toLocaleString('en').padStart(10),
    (storedMs / 1000).toFixed(1).padStart(13),
    (sentMs / 1000).toFixed(1).padStart(15),
    peakMb.toFixed(0).padStart(19),
    `${(peakMb / first).toFixed(2)}x`.padStart(20),
  ];
  console.log(columns.join(''));
}
