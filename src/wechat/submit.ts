import { type SendFailure, withoutCode } from '../campaigns/failure.ts';
import type { FrozenRequest, SubmissionOutcome } from '../campaigns/submission.ts';
import type { Caller } from './caller.ts';
import { type ErrcodeClass, errcodeMeaning, isKnownErrcode } from './errcodes.ts';
import {
  readableReason,
  WechatError,
  WechatSilentError,
  WechatTokenError,
  WechatUnreachableError,
  WechatUnsentError,
} from './errors.ts';

/** Which outcome an errcode is for a send. A token that fails twice in a row was not accepted either, whatever the reason. */
const outcomeOf = {
  UNKNOWN: 'unknown',
  LATER: 'later',
  ACCEPTED: 'unknown',
  TOKEN: 'later',
  QUOTA: 'blocked',
  CONFIRMATION: 'unconfirmed',
  DENIED: 'blocked',
  SETTINGS: 'blocked',
  INPUT: 'refused',
} as const satisfies Record<ErrcodeClass, SubmissionOutcome['kind']>;

/**
 * What depends on the state of the account, or on what stands between (a proxy may lose a body, or ask another address), and not on the
 * request alone, though WeChat files it under wrong input.
 */
const CAN_CHANGE_BY_ITSELF = new Set([
  40003, 40007, 40035, 40050, 40066, 40097, 40130, 40132, 41040, 43004, 44002, 44003, 45052, 45064, 45086,
  45159, 45166, 47001, 87014, 88000,
]);

/** What is wrong with the recipients of one call says nothing about those of the next, nor does what nobody knows. */
const OF_ONE_BATCH = new Set([
  40003, 40035, 40097, 40130, 40132, 43004, 44002, 44003, 45052, 45086, 45166, 47001, 48002,
]);

const EXHAUSTED = new Map([
  [45009, 'CALLS' as const],
  [45028, 'SENDS' as const],
]);

/** Hands a frozen request to WeChat once, before `notAfter`. Never throws for what WeChat or the network do. */
export async function submitOnce(
  call: Caller,
  jobId: string,
  request: FrozenRequest,
  notAfter?: Date,
): Promise<SubmissionOutcome> {
  try {
    const answer = await call({ endpoint: request.endpoint, body: request.body, jobId, notAfter });
    const msgId = idOf(answer.msg_id);
    // Accepted, surely, but nameless: the repetition answers 45065 with the id.
    if (msgId === null)
      return {
        kind: 'unknown',
        failure: withoutCode('WeChat accepted and gave no msg_id (微信未返回 msg_id)'),
      };
    const isKnown = Number(answer.errcode ?? 0) !== 0;
    return { kind: 'accepted', msgId, msgDataId: idOf(answer.msg_data_id), isKnown };
  } catch (error) {
    if (error instanceof WechatUnreachableError) {
      return { kind: 'later', failure: withoutCode(`${error.reason}: ${error.message}`) };
    }
    if (error instanceof WechatSilentError) {
      return { kind: 'unknown', failure: withoutCode(`${error.reason}: ${error.message}`) };
    }
    if (!(error instanceof WechatError)) throw error;
    const kind = outcomeOf[errcodeMeaning(error.errcode).kind];
    const failure = failureOf(error);
    if (kind !== 'blocked' && (kind !== 'refused' || isAboutRequest(error))) return { kind, failure };
    const { errcode } = error;
    // The quota of the call that gets a token is another one.
    const exhausted = error instanceof WechatTokenError ? null : (EXHAUSTED.get(errcode) ?? null);
    const forAll = isKnownErrcode(errcode) && !OF_ONE_BATCH.has(errcode);
    return { kind: 'blocked', failure, forAll, exhausted };
  }
}

/**
 * Whether the request alone is to blame, so that an earlier call with the same bytes must have been refused too. A code that nobody knows
 * does not say so; to a first call it is a refusal.
 */
const isAboutRequest = (error: WechatError): boolean =>
  !(error instanceof WechatTokenError) &&
  isKnownErrcode(error.errcode) &&
  !CAN_CHANGE_BY_ITSELF.has(error.errcode);

/** It does not tell whether the call was carried out. */
export const isNoVerdict = (error: WechatError): boolean =>
  !(error instanceof WechatUnsentError) && outcomeOf[errcodeMeaning(error.errcode).kind] === 'unknown';

/** The quota of the call itself is used up, not that of the calls that get tokens. */
export const isUsedUp = (error: WechatError): boolean =>
  !(error instanceof WechatTokenError) && EXHAUSTED.has(error.errcode);

export const failureOf = (error: WechatError): SendFailure => ({
  code: error.errcode,
  reason: readableReason(error.errcode, error.errmsg),
  rawStatus: error.errmsg,
  retryable: error.retryable,
});

/** WeChat's ids are numbers in one answer and strings in the next; here they are strings. 0 is no id. */
export function idOf(value: unknown): string | null {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  return /^[1-9]\d*$/.test(text) ? text : null;
}
