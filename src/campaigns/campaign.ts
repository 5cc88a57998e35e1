import type { AudienceKind } from './audience.ts';
import type { CopyrightState } from './delivery-result.ts';
import type { SendFailure } from './failure.ts';
import type { MessageType } from './message.ts';
import type { SendStatus } from './status.ts';

/** One mass send as it was asked for, with what became of it. */
export interface Campaign {
  id: string;
  appId: string;
  idempotencyKey: string;
  label: string | null;
  messageType: MessageType;
  mediaId: string | null;
  audienceKind: AudienceKind;
  tagId: number | null;
  recipients: number | null;
  sendIgnoreReprint: boolean;
  status: SendStatus;
  createdAt: Date;
  scheduledAt: Date | null;
  sendBefore: Date | null;
  submittedAt: Date | null;
  finishedAt: Date | null;
  deletedAt: Date | null;
}

/** The part of a campaign that is one call to WeChat. */
export interface SendJob {
  id: string;
  campaignId: string;
  appId: string;
  index: number;
  clientMsgId: string;
  recipients: number | null;
  status: SendStatus;
  msgId: string | null;
  msgDataId: string | null;
  failure: SendFailure | null;
  totalCount: number | null;
  eligibleCount: number | null;
  sentCount: number | null;
  failedCount: number | null;
  copyrightState: CopyrightState | null;
  attempts: number;
  /** When it is handed to WeChat next, or asked for again; null: not on its own. */
  nextAttemptAt: Date | null;
  submittedAt: Date | null;
  finishedAt: Date | null;
}

/** An article as it was sent with a job. */
export interface SentArticle {
  jobId: string;
  index: number;
  articleMsgid: string | null;
  title: string | null;
  author: string | null;
  digest: string | null;
  contentSourceUrl: string | null;
  url: string | null;
  deletedAt: Date | null;
}
