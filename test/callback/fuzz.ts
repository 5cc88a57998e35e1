import {
  type CallbackHandlerDeps,
  type CallbackRequest,
  createCallbackHandler,
} from '../../src/callback/handler.ts';
import { PushReceipt, type ReceivedPush } from '../../src/callback/received-push.ts';
import { signPush } from '../../src/callback/sign-push.ts';
import type { CallbackAccount } from '../../src/callback/verify-push.ts';
import { storableText } from '../../src/wechat/json.ts';
import { finishedXml, KEY, TOKEN } from './kit.ts';
import { below, createRandom, flipBytes, mutate, oneOf, type Random } from './mutations.ts';

type Handler = ReturnType<typeof createCallbackHandler>;

const NOW = new Date('2026-03-01T12:00:00.000Z');
const SLOWEST_MS = 50;
const MODES = ['plain', 'plain', 'encrypted', 'compatible'] as const;

const RESULTS = `<CopyrightCheckResult><Count>2</Count><ResultList><item><ArticleIdx>1</ArticleIdx><AuditState>2</AuditState>
<OriginalArticleUrl><![CDATA[https://example.com/?a=1&b=2]]></OriginalArticleUrl><CanReprint>1</CanReprint></item><item>
<ArticleIdx>2</ArticleIdx></item></ResultList><CheckState>2</CheckState></CopyrightCheckResult><ArticleUrlResult><Count>1</Count>
<ResultList><item><ArticleIdx>1</ArticleIdx><ArticleUrl>https://example.com/1</ArticleUrl></item></ResultList></ArticleUrlResult>`;

const XML = [
  finishedXml(),
  finishedXml({ status: 'err(10001)', fields: RESULTS }),
  finishedXml({ status: '', counts: '' }),
  `<?xml version="1.0" encoding="utf-8"?>\n${finishedXml({ fields: RESULTS })}`,
  '<xml><ToUserName><![CDATA[gh_1]]></ToUserName><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[你好 👋 <!DOCTYPE html><Encrypt>AAAA</Encrypt> ]]]]><![CDATA[>]]></Content><MsgId>90261533849829378</MsgId></xml>',
  `<xml><MsgType>text</MsgType><Content>${'&lt;b&gt; &#128512; '.repeat(40)}</Content></xml>`,
];
const JSONS = [
  '{"ToUserName":"gh_1","CreateTime":1481013459,"MsgType":"event","Event":"MASSSENDJOBFINISH","MsgID":90261533849829379,"Status":"send success","TotalCount":3,"FilterCount":2,"SentCount":1,"ErrorCount":1}',
  '{"Event":"MASSSENDJOBFINISH","MsgID":1,"Status":"err(20008)","CopyrightCheckResult":{"Count":1,"ResultList":[{"ArticleIdx":1,"CanReprint":0}],"CheckState":3},"ArticleUrlResult":{"ResultList":[{"ArticleIdx":1,"ArticleUrl":"https:\\/\\/example.com"}]}}',
  '{"ToUserName":"gh_1","MsgType":"text","Content":"\\"Encrypt\\":\\"AAAA\\" <!DOCTYPE html> \\ud83d\\udc4b"}',
];

const ACCOUNTS: Record<string, CallbackAccount> = Object.assign(Object.create(null), {
  plain: { appId: 'plain', callbackToken: TOKEN, encodingAesKey: null },
  sealed: { appId: 'sealed', callbackToken: TOKEN, encodingAesKey: KEY },
});
for (const account of Object.values(ACCOUNTS))
  Object.assign(account, { encodingAesKeyPrevious: null, callbackForwardUrl: null });

interface Case {
  request: CallbackRequest;
  /** What alone may be stored of it. */
  message: string;
  /** Nobody has touched it. */
  isGenuine: boolean;
}

/** A request as WeChat makes them, changed before it was signed, afterwards, in both places, or in none. */
const makeCase = (random: Random): Case => {
  const format = random() < 0.3 ? 'json' : 'xml';
  const documents = format === 'json' ? JSONS : XML;
  const mode = oneOf(random, MODES);
  const own = mode === 'plain' ? 'plain' : 'sealed';
  const [isDocument, isBody, isQuery] = [random() < 0.7, random() < 0.25, random() < 0.1];
  const [isAsked, isElsewhere] = [random() < 0.02, random() < 0.01];
  const [genuine, other] = [oneOf(random, documents), oneOf(random, random() < 0.1 ? JSONS : XML)];
  const document = isDocument ? mutate(random, genuine, other) : genuine;
  const byte = below(random, 256);
  const signed = signPush({
    ...{ token: TOKEN, appId: own, mode, format, encodingAesKey: KEY, body: document, openId: 'o1' },
    timestamp: NOW.getTime() / 1000 - below(random, 1_000),
    nonce: String(below(random, 1e9)),
    randomBytes: (size) => Buffer.alloc(size, byte),
  });
  const text = isBody ? mutate(random, signed.body, other) : signed.body;
  const bytes = isBody && random() < 0.3 ? flipBytes(random, text) : Buffer.from(text);
  const body = bytes.toString('utf8');
  const query = new URLSearchParams(signed.query);
  if (isQuery) changeQuery(random, query, other);
  const appId = isElsewhere ? oneOf(random, ['', '__proto__', 'constructor', 'sealed', 'plain']) : own;
  return {
    request: {
      method: isAsked ? oneOf(random, ['GET', 'PUT', 'HEAD', '']) : 'POST',
      appId,
      query,
      body,
      wire: { query: query.toString(), body: bytes, contentType: signed.contentType },
    },
    message: appId === 'plain' ? body : document.toWellFormed(),
    isGenuine: !isDocument && !isBody && !isQuery && !isAsked && !isElsewhere,
  };
};

const changeQuery = (random: Random, query: URLSearchParams, other: string): void => {
  const name = oneOf(random, ['signature', 'msg_signature', 'timestamp', 'nonce', 'encrypt_type', 'openid']);
  const value = query.get(name) ?? '';
  const changes = [
    () => query.delete(name),
    () => query.set(name, mutate(random, value, other)),
    () => query.append(name, value),
    () => query.set(name, ''),
    () => query.set(name, 'a'.repeat(10_000)),
  ];
  oneOf(random, changes)();
};

export interface Findings {
  /** What the first case that should not be was, and by which seed and number it is made again. Null where all is well. */
  found: string | null;
  /** How many cases were answered with each status. */
  answers: Record<number, number>;
  /** Those whose result was read. */
  results: number;
}

/** Throws cases at a handler until one of them finds something. */
export const fuzz = async (
  runs: number,
  seed: number,
  createHandler: (deps: CallbackHandlerDeps) => Handler = createCallbackHandler,
): Promise<Findings> => {
  const findings: Findings = { found: null, answers: {}, results: 0 };
  const stored: ReceivedPush[] = [];
  let said = '';
  const say = (context: object, message: string) => {
    said += JSON.stringify([context, message]);
  };
  const handle = createHandler({
    accounts: (appId) => ACCOUNTS[appId],
    inbox: {
      async receive(push) {
        stored.push(push);
        return PushReceipt.STORED;
      },
    },
    forward: () => Promise.reject(new Error('nothing is passed on here')),
    maxAgeMs: 600_000,
    clock: { now: () => NOW, after: () => () => {} },
    log: { debug: say, info: say, warn: say, error: say },
  });

  const judge = async ({ request, message, isGenuine }: Case): Promise<string | null> => {
    stored.length = 0;
    said = '';
    const { status } = await handle(request);
    findings.answers[status] = (findings.answers[status] ?? 0) + 1;
    const [push] = stored;
    if (push?.result) findings.results++;
    if (![200, 400, 401, 403, 404, 405, 413].includes(status)) return `it was answered ${status}: ${said}`;
    if (isGenuine && !(status === 200 && push)) return `a genuine push was answered ${status}: ${said}`;
    if (stored.length !== (status === 200 && request.method === 'POST' ? 1 : 0))
      return `${stored.length} pushes were stored and ${status} answered`;
    if (push && push.raw !== storableText(message)) return 'something was stored that nobody has signed';
    if (said.includes(TOKEN) || said.includes(KEY)) return 'a secret was logged';
    return null;
  };

  /** Other work of the machine makes anything slow once: it is tried again, and its own time on the processor counts. */
  const isSlow = async (request: CallbackRequest): Promise<boolean> => {
    for (let tries = 0; tries < 4; tries++) {
      const before = process.threadCpuUsage();
      await handle(request);
      const { user, system } = process.threadCpuUsage(before);
      if ((user + system) / 1000 <= SLOWEST_MS) return false;
    }
    return true;
  };

  const random = createRandom(seed);
  for (let run = 0; run < runs; run++) {
    const made = makeCase(random);
    const started = performance.now();
    const wrong = await judge(made).catch((error) => `it was not answered: ${error}`);
    const isLate = performance.now() - started > SLOWEST_MS && (await isSlow(made.request));
    if (wrong === null && !isLate) continue;
    const what = wrong ?? `it took more than ${SLOWEST_MS} ms`;
    findings.found = `run ${run} of seed ${seed}: ${what}\n${made.request.body.slice(0, 1_000)}`;
    break;
  }
  return findings;
};
