// Calls WeChat in the way that is named, so many calls at once.
import { connect, type Socket } from 'node:net';
import { Pool } from 'undici';
import { systemClock } from '../../src/clock.ts';
import { silentLog } from '../../src/log.ts';
import { openWechat } from '../../src/wechat/open.ts';
import type { AccessToken } from '../../src/wechat/tokens.ts';
import { ACCOUNT } from '../kit/gateway.ts';
import { ready } from '../kit/serve.ts';

const [, , kind = '', base = ''] = process.argv;
const PATH = '/cgi-bin/message/mass/sendall?access_token=a-token-of-the-benchmark';
const TYPE = 'application/json; charset=utf-8';
const body = JSON.stringify({
  filter: { is_to_all: false, tag_id: 100 },
  text: { content: 'hello' },
  msgtype: 'text',
  clientmsgid: 'q_0123456789abcdef012345',
});

function checked(answer: { errcode?: number; msg_id?: number }): void {
  if (answer.errcode !== 0 || !answer.msg_id) throw new Error(`WeChat answered ${JSON.stringify(answer)}`);
}

/** Each gives a function that makes one call and checks what is answered; a worker has one of its own. */
const kinds: Record<string, () => () => Promise<void>> = {
  qunfa() {
    let token: AccessToken | null = null;
    const { wechat } = openWechat({
      accounts: [ACCOUNT],
      baseUrl: base,
      timeoutMs: 10_000,
      tokens: {
        readToken: async () => token,
        saveToken: async (_, next) => {
          token = next;
        },
      },
      keep: async () => {},
      clock: systemClock,
      log: silentLog,
    });
    return async () => {
      const outcome = await wechat(ACCOUNT.appId).submit('job_1', { endpoint: 'sendToFilter', body });
      if (outcome.kind !== 'accepted') throw new Error(`WeChat answered ${JSON.stringify(outcome)}`);
    };
  },

  undici() {
    const pool = new Pool(base);
    const request = { method: 'POST', path: PATH, headers: { 'content-type': TYPE }, body } as const;
    return () =>
      new Promise((resolve, reject) => {
        let text = '';
        pool.dispatch(request, {
          onRequestStart() {},
          onResponseStart() {},
          onResponseData(_, chunk) {
            text += chunk;
          },
          onResponseEnd() {
            checked(JSON.parse(text));
            resolve();
          },
          onResponseError(_, error) {
            reject(error);
          },
        });
      });
  },

  fetch: () => async () => {
    const headers = { 'content-type': TYPE };
    const answer = await fetch(`${base}${PATH}`, { method: 'POST', headers, body });
    checked((await answer.json()) as object);
  },

  raw() {
    const { hostname, port } = new URL(base);
    const socket: Socket = connect({ host: hostname, port: Number(port), noDelay: true });
    const request = `POST ${PATH} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: ${TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
    let done: (text: string) => void = () => {};
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
      const head = text.indexOf('\r\n\r\n');
      if (head === -1) return;
      const length = Number(/content-length: (\d+)/i.exec(text.slice(0, head))?.[1]);
      if (text.length - head - 4 < length) return;
      const content = text.slice(head + 4);
      text = '';
      done(content);
    });
    return async () => {
      const answer = new Promise<string>((resolve) => {
        done = resolve;
      });
      socket.write(request);
      checked(JSON.parse(await answer));
    };
  },
};

const create = kinds[kind];
if (!create) throw new Error(`there is no kind ${kind}`);
const workers = new Map<number, () => Promise<void>>();
const shared = kind === 'raw' ? null : create();

process.on('message', async (message: { calls?: number; atOnce?: number }) => {
  const { calls = 0, atOnce = 0 } = message;
  if (!calls) return;
  let left = calls;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async (_, index) => {
      const call = shared ?? workers.get(index) ?? create();
      workers.set(index, call);
      while (left-- > 0) await call();
    }),
  );
  process.send?.({ perSecond: calls / ((performance.now() - startedAt) / 1000) });
});
process.channel?.ref();
ready('');
