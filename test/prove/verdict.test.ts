import { expect, it } from 'vitest';
import type { CampaignTold } from '../../prove/campaigns-told.ts';
import type { Intent } from '../../prove/clients.ts';
import { Finding, judge } from '../../prove/verdict.ts';
import type { SandboxSend } from '../../src/sandbox/send.ts';

type Job = CampaignTold['jobs'][number];

const intent: Intent = {
  key: 'one',
  appId: 'wx1',
  mark: 'hello',
  input: {},
  files: {},
  isRegretted: false,
  answer: { kind: 'taken', campaignId: 'cmp_1' },
};

const counts = { total: 4, eligible: 4, sent: 4, failed: 0 };

const campaign = (job: Partial<Job> = {}): CampaignTold => {
  const whole: Job = { status: 'SENT', msgId: '1001', counts: null, failure: null, ...job };
  return { id: 'cmp_1', idempotencyKey: 'one', status: whole.status, jobs: [whole] };
};

const send = (fields: Partial<SandboxSend> = {}): SandboxSend => ({
  appId: 'wx1',
  msgId: '1001',
  msgDataId: null,
  clientmsgid: 'a',
  endpoint: '/cgi-bin/message/mass/sendall',
  audience: { kind: 'all' },
  msgtype: 'text',
  mediaId: null,
  body: { msgtype: 'text', text: { content: 'hello' }, clientmsgid: fields.clientmsgid ?? 'a' },
  acceptedAt: new Date(0),
  status: 'SEND_SUCCESS',
  deletedArticles: new Set(),
  titles: [],
  delivered: 0,
  ...fields,
});

const find = (
  campaigns: CampaignTold[],
  sends: SandboxSend[],
  { accepted, ...more }: Partial<Intent> & { accepted?: boolean } = {},
) => {
  const results = new Map(accepted === undefined ? [] : [['1001', { counts, accepted, settled: true }]]);
  const judged = judge({ intents: [{ ...intent, ...more }], campaigns, sends, results });
  return judged.map(({ finding }) => finding);
};

const refused = (code: number | null) =>
  campaign({ status: 'FAILED', msgId: null, failure: { code, reason: '' } });
const expired = campaign({ status: 'EXPIRED', msgId: null });
const canceled = campaign({ status: 'CANCELED', msgId: null });

const withSecond = ({ jobs }: CampaignTold): CampaignTold => {
  const first = campaign();
  return { ...first, jobs: [...first.jobs, ...jobs] };
};

it.each([
  ['a send that both sides know', campaign(), [send()], Finding.ONCE],
  [
    'a send that failed on both sides',
    campaign({ status: 'FAILED' }),
    [send({ status: 'SEND_FAIL' })],
    Finding.ONCE,
  ],
  ['a refusal', refused(48001), [], Finding.REFUSED],
  ['what WeChat put off', refused(42010), [], Finding.GIVEN_UP],
  ['a failure that WeChat knows nothing of', refused(null), [], Finding.GIVEN_UP],
  ['a part that never left', withSecond(refused(null)), [send()], Finding.GIVEN_UP],
  ['a part that was refused', withSecond(refused(40035)), [send()], Finding.ONCE],
  ['a send that expired before its time', expired, [], Finding.GIVEN_UP],
  ['a send that was canceled by nobody', canceled, [], Finding.GIVEN_UP],
  ['two sends', campaign(), [send(), send({ msgId: '1002', clientmsgid: 'b' })], Finding.DOUBLED],
  ['a send that WeChat does not have', campaign(), [], Finding.LOST],
  ['a send under another msg_id', campaign(), [send({ msgId: '1002' })], Finding.LOST],
  ['a refusal of what WeChat has', campaign({ status: 'FAILED', msgId: null }), [send()], Finding.LOST],
  ['a failure of what WeChat sent', campaign({ status: 'FAILED' }), [send()], Finding.LOST],
  ['a send that expired but left', campaign({ status: 'EXPIRED', msgId: null }), [send()], Finding.LOST],
  ['an outcome that is not known', campaign({ status: 'UNKNOWN', msgId: null }), [], Finding.UNKNOWN],
  ['a result that never came', campaign({ status: 'SENDING' }), [send()], Finding.UNKNOWN],
] as const)('takes %s for what it is', (_, told, sends, finding) => {
  expect(find([told], [...sends])).toEqual([finding]);
});

it('takes a promised campaign that is gone for lost, and a send without a campaign too', () => {
  expect(find([], [])).toEqual([Finding.LOST]);
  expect(find([], [send()], { answer: null })).toEqual([Finding.LOST]);
  expect(find([], [], { answer: null })).toEqual([Finding.NEVER_TAKEN]);
});

it('finds a send that nobody asked for', () => {
  const stray = send({ msgId: '1002', body: { msgtype: 'text', text: { content: 'other' } } });
  expect(find([campaign()], [send(), stray])).toEqual([Finding.ONCE, Finding.LOST]);
});

it('compares the figures with those that were pushed, unless the push was lost', () => {
  const wrong = { ...counts, sent: 3, failed: 1 };
  expect(find([campaign({ counts })], [send()], { accepted: true })).toEqual([Finding.ONCE]);
  expect(find([campaign()], [send()], { accepted: true })).toEqual([Finding.WRONG_FIGURES]);
  expect(find([campaign({ counts: wrong })], [send()], { accepted: true })).toEqual([Finding.WRONG_FIGURES]);
  expect(find([campaign()], [send()], { accepted: false })).toEqual([Finding.ONCE]);
  expect(find([campaign({ counts })], [send()], { accepted: false })).toEqual([Finding.ONCE]);
  expect(find([campaign({ counts })], [send()])).toEqual([Finding.WRONG_FIGURES]);
});

it('finds a client that was told something else than what was done', () => {
  expect(find([campaign()], [send()], { answer: { kind: 'declined', message: '' } })).toEqual([
    Finding.BROKEN_ANSWER,
  ]);
  expect(find([campaign()], [send()], { answer: { kind: 'taken', campaignId: 'cmp_2' } })).toEqual([
    Finding.BROKEN_ANSWER,
  ]);
  expect(find([], [], { answer: { kind: 'declined', message: '' } })).toEqual([Finding.DECLINED]);
});

it('takes a send for expired or canceled where it could be, or its sender wished it', () => {
  expect(find([expired], [], { input: { sendBefore: '2026-06-01T02:00:00.000Z' } })).toEqual([
    Finding.EXPIRED,
  ]);
  expect(find([canceled], [], { isRegretted: true })).toEqual([Finding.CANCELED]);
});
