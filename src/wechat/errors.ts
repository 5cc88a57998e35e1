import { errcodeMeaning, isRetryable } from './errcodes.ts';

/** The code with which WeChat says that it is busy and that one should ask again. */
export const BUSY = -1;

/** WeChat answered, and the answer is no. Also the form in which silence is told to a caller, with the code -1. */
export class WechatError extends Error {
  override name = 'WechatError' as const;
  readonly errcode: number;
  /** As it came, but for secrets, which are cut out. */
  readonly errmsg: string;
  readonly retryable: boolean;
  /** The campaign that was stored for the send that was refused. */
  readonly failedCampaignId: string | null;

  constructor(
    errcode: number,
    errmsg: string,
    failedCampaignId: string | null = null,
    reason = readableReason(errcode, errmsg),
  ) {
    super(`${reason} [${errcode}]`);
    this.errcode = errcode;
    this.errmsg = errmsg;
    this.retryable = isRetryable(errcode);
    this.failedCampaignId = failedCampaignId;
  }

  /** The request id that WeChat's support asks for; null where the answer had none. */
  get rid(): string | null {
    return /\brid: ([\w-]+)/.exec(this.errmsg)?.[1] ?? null;
  }
}

/** WeChat knows no send of that msg_id, or none yet: right after a send it is not visible. */
export const isUnknownSend = ({ errcode }: WechatError): boolean => errcode === 40059;

/** Nothing more is answered before the next day of Beijing. */
export const isDailyQuota = ({ errcode }: WechatError): boolean => errcode === 45009;

const NO_SUCH_API = new Set([404, 40066, 48001, 48004, 48006, 50001]);

/** The account may not use this API, or there is none. */
export const isUnavailable = ({ errcode }: WechatError): boolean => NO_SUCH_API.has(errcode);

/** WeChat could not be reached, so the call never left: in the form in which a caller is told, with the code -1. */
export class WechatUnsentError extends WechatError {}

/** WeChat gave no access token, so the call it was for never left. */
export class WechatTokenError extends WechatError {}

/** The connection could not be made, so the request was certainly not carried out. */
export class WechatUnreachableError extends Error {
  override name = 'WechatUnreachableError' as const;
  readonly reason = 'WeChat could not be reached (无法连接微信)';
}

/** The request went out and no answer that can be read came back: it may have been carried out. */
export class WechatSilentError extends Error {
  override name = 'WechatSilentError' as const;
  readonly reason = 'WeChat gave no answer (微信未应答)';
}

/** 40164 names the address that has to be put on the list, which is all that whoever reads this needs. */
export function readableReason(errcode: number, errmsg: string): string {
  const { reason } = errcodeMeaning(errcode);
  if (errcode !== 40164) return reason;
  const address = /\b(?:\d{1,3}\.){3}\d{1,3}\b|\b[\da-f]{1,4}:[\da-f:]+/i.exec(errmsg)?.[0];
  return address ? `${reason}: ${address}` : reason;
}
