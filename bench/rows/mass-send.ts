import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { createDatabase } from '../kit/database.ts';
import { ordinaryAppId } from '../kit/gateway.ts';
import { graphqlRequest, type LoadRequest, load } from '../kit/load.ts';
import { type Server, startServer } from '../kit/processes.ts';
import { interleaved } from '../kit/rounds.ts';
import type { Bench, Measured } from '../kit/row.ts';
import { startScriptedWechat } from '../kit/scripted-wechat.ts';

export const title = '`massSend`, added to the time that WeChat takes';

const SEND = `mutation Send($account: ID!, $key: String!) {
  massSend(input: {
    account: $account, idempotencyKey: $key, audience: { tagId: 100 }, message: { text: { content: "hello" } }
  }) {
    __typename
    ... on MassSendSuccess { campaign { id status msgId } }
  }
}`;

/** As often as WeChat takes sends of an account in a minute, and about as often as in a day. */
const SENDS_OF_ACCOUNT = 60;

/** As the gateway writes it. */
const WECHAT_BODY = '{"filter":{"is_to_all":false,"tag_id":100},"text":{"content":"hello"},"msgtype":"text"}';

const FLOOR = 'two FULL commits and a round trip';
const SAME_PAGES = 'the same with as many pages';

export async function run(bench: Bench): Promise<Measured> {
  const sends = bench.size(50, 300, 1_000);
  await using wechat = await startScriptedWechat();
  const database = join(bench.folder, 'qunfa.sqlite');
  await createDatabase(database);
  await using gateway = await bench.startGateway({
    database,
    wechat: wechat.url,
    // One more for the sends that are looked at first.
    accounts: Math.ceil((sends * (bench.rounds + 1)) / SENDS_OF_ACCOUNT) + 1,
  });
  const startFloor = (name: string, pages: number) =>
    startServer({
      script: join(import.meta.dirname, '../servers/commits.ts'),
      args: [join(bench.folder, `${name}.sqlite`), wechat.url, String(pages)],
    });
  await using floor = await startFloor('floor', 1);
  let sent = 0;
  const send = () => {
    const account = ordinaryAppId(Math.floor(sent / SENDS_OF_ACCOUNT));
    return graphqlRequest(SEND, { account, key: `send ${++sent}` });
  };
  const p50Of = async (
    url: string,
    next: () => LoadRequest,
    check: (body: string) => void,
    count = sends,
  ): Promise<number> => {
    let left = count;
    const { p50Ms } = await load({
      url,
      connections: 1,
      next: () => (left-- > 0 ? next() : null),
      check: (status, body) => {
        assert.equal(status, 200);
        check(body.toString());
      },
    });
    return p50Ms;
  };
  const sendAll = (count?: number) =>
    p50Of(gateway.url, send, (body) => assert.match(body, /"status":"SENDING","msgId":"\d+"/), count);
  const pages = Math.round(
    (await pagesWritten(database, () => sendAll(SENDS_OF_ACCOUNT))) / SENDS_OF_ACCOUNT / 2,
  );
  await using samePages = await startFloor('pages', pages);
  /** The bare call to WeChat. */
  const callMs = async () => (await floor.ask<{ p50: number }>({ body: WECHAT_BODY, times: sends })).p50;
  const added = async ({ url }: Server) => {
    const request = () => graphqlRequest(SEND, { key: 'floor' });
    const whole = await p50Of(url, request, (body) => assert.equal(body, '{"data":{}}'));
    return whole - (await callMs());
  };
  const found = await interleaved(bench.rounds, {
    async qunfa() {
      const already = wechat.taken();
      const whole = await sendAll();
      assert.equal(wechat.taken() - already, sends, 'every send reached WeChat, once');
      const call = await callMs();
      return { whole, added: whole - call, 'by WeChat': call };
    },
    [FLOOR]: () => added(floor),
    [SAME_PAGES]: () => added(samePages),
  });
  return {
    setup: `${sends} sends a round, one after another, ${SENDS_OF_ACCOUNT} of an account; p50, less the p50 of the same call to WeChat made bare; ${pages} pages of the database a commit`,
    series: Object.entries(found).map(([name, values]) => ({ name, unit: 'ms', values })),
    comparisons: [
      { of: 'qunfa, added', to: FLOOR, atMost: 2, against: 'floor' },
      { of: 'qunfa, added', to: SAME_PAGES, against: 'limit' },
    ],
  };
}

/** What a frame of SQLite's log takes: a page and what it says of it. */
const FRAME_BYTES = 4_096 + 24;

/** How many pages a new database's log grows by, until it is written into the database for the first time. */
async function pagesWritten(database: string, work: () => Promise<unknown>): Promise<number> {
  const bytes = () => statSync(`${database}-wal`).size;
  const before = bytes();
  await work();
  return (bytes() - before) / FRAME_BYTES;
}
