import assert from 'node:assert/strict';
import { join } from 'node:path';
import { createDatabase } from '../kit/database.ts';
import { ordinaryAppId } from '../kit/gateway.ts';
import { graphqlRequest, type LoadRequest, load } from '../kit/load.ts';
import { startServer } from '../kit/processes.ts';
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

export async function run(bench: Bench): Promise<Measured> {
  const sends = bench.size(50, 300, 1_000);
  await using wechat = await startScriptedWechat();
  const database = join(bench.folder, 'qunfa.sqlite');
  await createDatabase(database);
  await using gateway = await bench.startGateway({
    database,
    wechat: wechat.url,
    accounts: Math.ceil((sends * (bench.rounds + 1)) / SENDS_OF_ACCOUNT),
  });
  await using floor = await startServer({
    script: join(import.meta.dirname, '../servers/commits.ts'),
    args: [join(bench.folder, 'floor.sqlite'), wechat.url],
  });
  let sent = 0;
  const send = () => {
    const account = ordinaryAppId(Math.floor(sent / SENDS_OF_ACCOUNT));
    return graphqlRequest(SEND, { account, key: `send ${++sent}` });
  };
  const p50Of = async (
    url: string,
    next: () => LoadRequest,
    check: (body: string) => void,
  ): Promise<number> => {
    let left = sends;
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
  /** The bare call to WeChat. */
  const callMs = async () => (await floor.ask<{ p50: number }>({ body: WECHAT_BODY, times: sends })).p50;
  const found = await interleaved(bench.rounds, {
    async qunfa() {
      const already = wechat.taken();
      const whole = await p50Of(gateway.url, send, (body) =>
        assert.match(body, /"status":"SENDING","msgId":"\d+"/),
      );
      assert.equal(wechat.taken() - already, sends, 'every send reached WeChat, once');
      const call = await callMs();
      return { whole, added: whole - call, 'by WeChat': call };
    },
    async 'two FULL commits and a round trip'() {
      const floorSend = () => graphqlRequest(SEND, { key: 'floor' });
      const whole = await p50Of(floor.url, floorSend, (body) => assert.equal(body, '{"data":{}}'));
      return whole - (await callMs());
    },
  });
  return {
    setup: `${sends} sends a round, one after another, ${SENDS_OF_ACCOUNT} of an account; p50, less the p50 of the same call to WeChat made bare`,
    series: Object.entries(found).map(([name, values]) => ({ name, unit: 'ms', values })),
    comparisons: [
      { of: 'qunfa, added', to: 'two FULL commits and a round trip', atMost: 2, against: 'floor' },
    ],
  };
}
