import { expect, it } from 'vitest';
import { documentedLimits } from '../../src/campaigns/account.ts';
import { deriveClientMsgId } from '../../src/campaigns/client-msg-id.ts';
import { checkMassSend, type MassSendRequest } from '../../src/campaigns/mass-send-request.ts';

const now = new Date('2026-06-01T02:00:00.000Z');
const later = (milliseconds: number) => new Date(now.getTime() + milliseconds);

const request: MassSendRequest = {
  account: { appId: 'wx1', name: 'wx1', type: 'SERVICE', limits: documentedLimits.SERVICE },
  idempotencyKey: 'key',
  clientMsgId: null,
  audience: { kind: 'TAG', tagId: 2 },
  message: { kind: 'text', content: 'hello' },
  sendIgnoreReprint: false,
  label: null,
  scheduledAt: null,
  sendBefore: null,
};

it.each<[string, Partial<MassSendRequest>, string[]]>([
  ['nothing wrong', {}, []],
  ['no key', { idempotencyKey: '' }, ['idempotencyKey']],
  ['a blank key', { idempotencyKey: '  ' }, ['idempotencyKey']],
  ['a key of 200 emoji', { idempotencyKey: '😀'.repeat(200) }, []],
  ['a key of 201 characters', { idempotencyKey: 'k'.repeat(201) }, ['idempotencyKey']],
  ['a key with U+0000', { idempotencyKey: 'a\0' }, ['idempotencyKey']],
  ['a clientMsgId of 64 bytes', { clientMsgId: 'c'.repeat(64) }, []],
  ['a clientMsgId of 65 bytes', { clientMsgId: 'c'.repeat(65) }, ['clientMsgId']],
  ['a clientMsgId of 22 characters in 66 bytes', { clientMsgId: '群'.repeat(22) }, ['clientMsgId']],
  ['a blank clientMsgId', { clientMsgId: ' ' }, ['clientMsgId']],
  ['a label of 201 characters', { label: '字'.repeat(201) }, ['label']],
  ['a label of 200 characters', { label: '字'.repeat(200) }, []],
  ['half a surrogate pair in the label', { label: 'a\ud800' }, ['label']],
  ['U+0000 in the text', { message: { kind: 'text', content: '\0 x' } }, ['message.text.content']],
  [
    'U+0000 in a list',
    { message: { kind: 'images', mediaIds: ['a', 'b\0'] } },
    ['message.images.mediaIds.1'],
  ],
  ['U+0000 in an OpenID', { audience: { kind: 'OPEN_IDS', openIds: ['a', 'b\0'] } }, ['audience.openIds.1']],
  ['sendBefore now', { sendBefore: now }, ['sendBefore']],
  ['sendBefore in a moment', { sendBefore: later(1) }, []],
  ['sendBefore at scheduledAt', { scheduledAt: later(10), sendBefore: later(10) }, ['sendBefore']],
  ['sendBefore after scheduledAt', { scheduledAt: later(10), sendBefore: later(11) }, []],
  ['scheduledAt in the past', { scheduledAt: later(-10) }, []],
])('%s', (_, changes, expected) => {
  const issues = checkMassSend({ ...request, ...changes }, now);
  expect(issues.map(({ path }) => path.join('.'))).toEqual(expected);
});

it('tells of everything at once', () => {
  const issues = checkMassSend(
    {
      ...request,
      idempotencyKey: ' ',
      clientMsgId: 'c'.repeat(65),
      label: '\0',
      audience: { kind: 'ALL', confirm: false },
      message: { kind: 'wxcard', cardId: '', cardExt: '{}' },
      sendBefore: now,
    },
    now,
  );
  expect(issues.map(({ path }) => path.join('.')).sort()).toEqual([
    'audience.all.confirm',
    'clientMsgId',
    'idempotencyKey',
    'label',
    'message.wxcard.cardExt',
    'message.wxcard.cardId',
    'sendBefore',
  ]);
});

it('derives a clientMsgId that fits in 32 characters, from account and key alone', () => {
  const derived = deriveClientMsgId('wx1', 'key');
  expect(derived).toMatch(/^[0-9a-f]{24}$/);
  expect(deriveClientMsgId('wx1', 'key')).toBe(derived);
  expect(deriveClientMsgId('wx2', 'key')).not.toBe(derived);
  expect(deriveClientMsgId('wx1', 'key2')).not.toBe(derived);
});
