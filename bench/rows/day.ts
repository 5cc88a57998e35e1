import assert from 'node:assert/strict';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { openCrowd } from '../kit/crowd.ts';
import { createDatabase } from '../kit/database.ts';
import { gatewayEnv, ordinaryAppId } from '../kit/gateway.ts';
import { graphqlRequest, type LoadRequest, load } from '../kit/load.ts';
import { startServer } from '../kit/processes.ts';
import { checkTaken, newMsgId, resultPush } from '../kit/pushes.ts';
import { READ_QUERY, READ_VARIABLES } from '../kit/read-query.ts';
import type { Bench, Measured } from '../kit/row.ts';
import { startScriptedWechat } from '../kit/scripted-wechat.ts';
import { EVENTS } from '../kit/subscription.ts';

export const title = '24 hours of traffic in fast motion';

const DAY_MS = 24 * 3_600_000;

/** PENDING, SUBMITTING, SENDING, SENT, and the result itself; some more may be told. */
const EVENTS_A_SEND = 5;

/** As many as WeChat takes of an account in a day. */
const SENDS_OF_ACCOUNT = 100;

const SUBSCRIBERS = 4;
const AT_ONCE = 16;

const SEND = `mutation Send($account: ID!, $key: String!) {
  massSend(input: {
    account: $account, idempotencyKey: $key, audience: { tagId: 100 }, message: { text: { content: "hello" } }
  }) {
    ... on MassSendSuccess { campaign { account { appId } msgId } }
    ... on Error { message }
  }
}`;

export async function run(bench: Bench): Promise<Measured> {
  const campaigns = bench.size(200, 4_000, 100_000);
  const events = campaigns * 10;
  const accounts = campaigns / SENDS_OF_ACCOUNT;
  // In each of them sends, their results, results of others' sends, reads, and then time moves on.
  const steps = bench.size(20, 200);
  await using wechat = await startScriptedWechat();
  const database = join(bench.folder, 'qunfa.sqlite');
  await createDatabase(database);
  await using gateway = await startServer({
    script: join(import.meta.dirname, '../servers/day.ts'),
    env: gatewayEnv({ database, wechat: wechat.url, accounts }),
  });
  const { url } = gateway;
  const crowds = await Promise.all(
    (['graphql-ws', 'graphql-sse'] as const).map((transport) =>
      openCrowd({ url, transport, count: SUBSCRIBERS, document: EVENTS }),
    ),
  );
  const passing = (requests: LoadRequest[], check: (status: number, body: Buffer) => void) =>
    load({ url, connections: AT_ONCE, next: () => requests.pop() ?? null, check });
  const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

  const appIdOf = (index: number) => ordinaryAppId(index % accounts);

  let key = 0;
  let sends = 0;
  let pushed = 0;
  const rss: number[] = [];
  for (let step = 0; step < steps; step++) {
    const sent: { msgId: string; appId: string }[] = [];
    await passing(
      times(campaigns / steps, () =>
        graphqlRequest(SEND, { account: appIdOf(sends), key: `day ${++sends}` }),
      ),
      (_, body) => {
        const [, appId, msgId] = /"appId":"(\w+)"},"msgId":"(\d+)"/.exec(body.toString()) ?? [];
        if (!appId || !msgId) throw new Error(`a send was answered ${body}`);
        sent.push({ msgId, appId });
      },
    );
    const ofOthers = times(events / steps - sent.length * EVENTS_A_SEND, newMsgId).map((msgId, index) => ({
      msgId,
      appId: appIdOf(index),
    }));
    const results = [...sent, ...ofOthers].map(({ msgId, appId }) => resultPush(msgId, appId));
    pushed += results.length;
    await passing(results, checkTaken);
    // Some documents come again and again, and some only once.
    await passing(
      [
        ...times(5, () => graphqlRequest(READ_QUERY, READ_VARIABLES)),
        ...times(5, () => graphqlRequest(`{ once${++key}: campaigns(first: 5) { nodes { id status } } }`)),
      ],
      (status) => assert.equal(status, 200),
    );
    await gateway.ask({ advanceMs: DAY_MS / steps });
    // Between collections, V8 lets garbage pile up to whatever seems right to it at the moment.
    if ((step + 1) % (steps / 10) === 0) rss.push((await gateway.settledUsage()).rssMb);
  }
  await Promise.all(crowds.map((crowd) => crowd.close()));
  const stored = countOf(database);
  assert.equal(stored.sent, campaigns, 'every campaign was sent');
  assert.equal(stored.pushes, pushed, 'every push is stored');
  return {
    setup: `${campaigns.toLocaleString('en')} campaigns of ${accounts.toLocaleString('en')} accounts, ${stored.events.toLocaleString('en')} events, ${2 * SUBSCRIBERS} subscribers, in ${steps} steps; RSS at the end of each tenth, once its garbage is collected`,
    series: rss.map((value, index) => ({ name: `tenth ${index + 1}`, unit: 'MB', values: [value] })),
    comparisons: [{ of: 'tenth 10', to: 'tenth 2', atMost: 1.1, against: 'limit' }],
  };
}

function countOf(path: string): { sent: number; pushes: number; events: number } {
  const file = new Sqlite(path, { readonly: true });
  const counted = file
    .prepare(
      "select (select count(*) from campaigns where status = 'SENT') as sent, (select count(*) from pushes) as pushes, (select count(*) from events) as events",
    )
    .get() as ReturnType<typeof countOf>;
  file.close();
  return counted;
}
