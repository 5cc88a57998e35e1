import type { AccountProfile } from './account.ts';
import { type Audience, checkAudience } from './audience.ts';
import { characters, checkText, type InputIssue, isBlank, utf8Bytes, when } from './input-issue.ts';
import { checkMessage, type Message } from './message.ts';

/** What a caller asks for. */
export interface RequestedSend {
  idempotencyKey: string;
  clientMsgId: string | null;
  audience: Audience;
  message: Message;
  sendIgnoreReprint: boolean;
  label: string | null;
  scheduledAt: Date | null;
  sendBefore: Date | null;
}

/** The same, its account found. */
export interface MassSendRequest extends RequestedSend {
  account: AccountProfile;
}

/** `clientmsgid`: WeChat allows 64 bytes. */
const CLIENT_MSG_ID_BYTES = 64;

/** "Now" of a caller whose clock is behind, or whose request took its time. */
const CLOCKS_APART_MS = 60_000;

/** In characters: it stands in lists, in reports and in cells of spreadsheets. */
const LONGEST_LABEL = 200;

/** Its month must end in a year of four digits: databases know no others, and quotas are counted by months. */
export const LATEST_SCHEDULE = new Date('9999-12-01T00:00:00.000Z');

/** When it leaves at the earliest. */
export const leavesAt = (scheduledAt: Date | null, now: Date): Date =>
  scheduledAt && scheduledAt > now ? scheduledAt : now;

/** Where no account was found, what depends on its kind is left out. */
export function checkMassSend(
  request: RequestedSend & { account: AccountProfile | null },
  now: Date,
): InputIssue[] {
  const { account, idempotencyKey, clientMsgId, audience, message, scheduledAt, sendBefore, label } = request;
  const keyLength = characters(idempotencyKey);
  return [
    ...checkText({ idempotencyKey, clientMsgId, audience, label }),
    ...when(
      label !== null && characters(label) > LONGEST_LABEL,
      ['label'],
      `must be at most ${LONGEST_LABEL} characters long`,
    ),
    ...when(
      isBlank(idempotencyKey) || keyLength > 200,
      ['idempotencyKey'],
      'must have 1 to 200 characters and not be blank',
    ),
    ...(clientMsgId === null ? [] : checkClientMsgId(clientMsgId)),
    ...checkAudience(audience, account),
    ...checkMessage(message, 'send'),
    ...when(
      scheduledAt !== null && now.getTime() - scheduledAt.getTime() > CLOCKS_APART_MS,
      ['scheduledAt'],
      'must not be in the past; leave it out to send at once',
    ),
    ...when(
      scheduledAt !== null && scheduledAt >= LATEST_SCHEDULE,
      ['scheduledAt'],
      'must be earlier than December of the year 9999',
    ),
    ...when(sendBefore !== null && sendBefore <= now, ['sendBefore'], 'must be in the future'),
    ...when(
      sendBefore !== null && scheduledAt !== null && sendBefore <= scheduledAt,
      ['sendBefore'],
      'must be later than scheduledAt',
    ),
  ];
}

export const checkClientMsgId = (clientMsgId: string): InputIssue[] => [
  ...when(isBlank(clientMsgId), ['clientMsgId'], 'must not be blank'),
  ...when(
    utf8Bytes(clientMsgId) > CLIENT_MSG_ID_BYTES,
    ['clientMsgId'],
    `must have at most ${CLIENT_MSG_ID_BYTES} bytes, the number of a job included; it has ${utf8Bytes(clientMsgId)}`,
  ),
];
