import type { SendFailure } from './failure.ts';

/** WeChat's figures for a finished job. `eligible` is what was left to send to after filtering. */
export interface DeliveryCounts {
  total: number;
  eligible: number;
  sent: number;
  failed: number;
}

export const CopyrightState = {
  NOT_CHECKED: 'NOT_CHECKED',
  NOT_REPRINT: 'NOT_REPRINT',
  REPRINT_ALLOWED: 'REPRINT_ALLOWED',
  REPRINT_FORBIDDEN: 'REPRINT_FORBIDDEN',
} as const;
export type CopyrightState = (typeof CopyrightState)[keyof typeof CopyrightState];

export interface CopyrightResult {
  /** Position of the article, from 1. */
  articleIndex: number;
  userDeclareState: number | null;
  auditState: number | null;
  originalArticleUrl: string | null;
  originalArticleType: number | null;
  canReprint: boolean | null;
  needReplaceContent: boolean | null;
  needShowReprintSource: boolean | null;
}

export interface CopyrightCheck {
  state: CopyrightState;
  results: CopyrightResult[];
}

/** What a result event says about one job, in the gateway's own terms. */
export interface DeliveryResult {
  msgId: string;
  /** The status as it came, kept to the letter. */
  rawStatus: string;
  delivered: boolean;
  /** Why it was not delivered; null when it was, and where the status says neither: then `mass/get` has to decide. */
  failure: SendFailure | null;
  counts: DeliveryCounts | null;
  copyrightCheck: CopyrightCheck | null;
  /** Addresses of the sent articles, for those that came with one. */
  articleUrls: { articleIndex: number; url: string }[];
}
