import { type SendFailure, withoutCode } from '../campaigns/failure.ts';

/** The N of `err(N)` in a MASSSENDJOBFINISH. The list is open. */
const AUDIT_REASONS: ReadonlyMap<number, string> = new Map([
  [10001, 'suspected advertising (涉嫌广告)'],
  [20001, 'suspected political content (涉嫌政治)'],
  [20002, 'suspected pornography (涉嫌色情)'],
  [20004, 'suspected harm to society (涉嫌社会)'],
  [20006, 'suspected crime (涉嫌违法犯罪)'],
  [20008, 'suspected fraud (涉嫌欺诈)'],
  [20013, 'suspected copyright infringement (涉嫌版权)'],
  [21000, 'suspected of something else (涉嫌其他)'],
  [22000, 'suspected mutual promotion (涉嫌互推(互相宣传))'],
  [
    30001,
    'the originality check had a system error, and reprints were not to be sent (原创校验出现系统错误且用户选择了被判为转载就不群发)',
  ],
  [30002, 'the originality check forbids sending it (原创校验被判定为不能群发)'],
  [
    30003,
    'the originality check found a reprint, and reprints were not to be sent (原创校验被判定为转载文且用户选择了被判为转载就不群发)',
  ],
]);

/** The only refusal that is about WeChat's own state and not about the articles. */
const ORIGINALITY_CHECK_BROKE = 30001;

/** The failure behind `err(code)`. */
export const auditFailure = (code: number, rawStatus: string): SendFailure => ({
  code,
  reason: AUDIT_REASONS.get(code) ?? `refused by WeChat's review, code ${code}`,
  rawStatus,
  retryable: code === ORIGINALITY_CHECK_BROKE,
});

/**
 * The failure behind a plain `send fail`. WeChat finds no fault with the message here: the job broke inside WeChat, or
 * no administrator confirmed it, so the same send can succeed later. It is for a person to decide, with the counts at
 * hand: "failed" does not say that nobody has received it.
 */
export const jobFailure = (rawStatus: string): SendFailure =>
  withoutCode('WeChat could not send it and gave no reason (send fail)', rawStatus);
