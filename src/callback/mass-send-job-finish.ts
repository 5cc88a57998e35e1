import type { DeliveryCounts, DeliveryResult } from '../campaigns/delivery-result.ts';
import { auditFailure, jobFailure } from './audit-reasons.ts';
import { copyrightCheckOf } from './copyright-check.ts';
import { isRecord, type PushRecord, textOf, wholeNumberOf } from './push-record.ts';
import { articleIndexOf, itemsOf } from './result-list.ts';

/**
 * What a push says about a finished mass-send job. Null for every other push, and for a MASSSENDJOBFINISH without a
 * usable id: no job can be found for that one, and it is kept as any other push is.
 */
export const massSendJobFinish = (push: PushRecord): DeliveryResult | null => {
  if (textOf(push, 'Event')?.trim().toUpperCase() !== 'MASSSENDJOBFINISH') return null;
  const msgId = msgIdOf(push);
  if (msgId === null) return null;
  const rawStatus = textOf(push, 'Status') ?? '';
  return {
    msgId,
    rawStatus,
    ...outcomeOf(rawStatus),
    counts: countsOf(push),
    copyrightCheck: copyrightCheckOf(push),
    articleUrls: articleUrlsOf(push),
  };
};

/** This event writes `MsgID` where all others write `MsgId`. A 64-bit number without a sign, so it stays text. */
const msgIdOf = (push: PushRecord): string | null => {
  const text = (textOf(push, 'MsgID') ?? textOf(push, 'MsgId') ?? '').trim();
  return /^[1-9]\d{0,19}$/.test(text) ? text : null;
};

/** The blank in `send success` has been seen to be missing, so no blank counts. Any other word, or none, decides nothing. */
const outcomeOf = (rawStatus: string): Pick<DeliveryResult, 'delivered' | 'failure'> => {
  const status = rawStatus.replace(/\s/g, '').toLowerCase();
  if (status === 'sendsuccess') return { delivered: true, failure: null };
  if (status === 'sendfail') return { delivered: false, failure: jobFailure(rawStatus) };
  const code = /^err\((-?\d{1,9})\)$/.exec(status)?.[1];
  return {
    delivered: false,
    failure: code === undefined ? null : auditFailure(Number(code), rawStatus),
  };
};

/** All four or none: a 0 must mean that WeChat counted nobody. */
const countsOf = (push: PushRecord): DeliveryCounts | null => {
  const total = wholeNumberOf(push, 'TotalCount');
  const eligible = wholeNumberOf(push, 'FilterCount');
  const sent = wholeNumberOf(push, 'SentCount');
  const failed = wholeNumberOf(push, 'ErrorCount');
  if (total === null || eligible === null || sent === null || failed === null) return null;
  return { total, eligible, sent, failed };
};

const articleUrlsOf = (push: PushRecord): DeliveryResult['articleUrls'] => {
  const result = push.ArticleUrlResult;
  if (!isRecord(result)) return [];
  return itemsOf(result)
    .map((item, position) => ({
      articleIndex: articleIndexOf(item, position),
      url: textOf(item, 'ArticleUrl')?.trim() ?? '',
    }))
    .filter(({ url }) => url !== '');
};
