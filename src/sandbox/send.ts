import type { Fields } from './json-fields.ts';
import type { Audience, DeliveryCounts } from './population.ts';
import type { CopyrightCheck } from './review.ts';

export const MsgStatus = {
  SENDING: 'SENDING',
  SEND_SUCCESS: 'SEND_SUCCESS',
  SEND_FAIL: 'SEND_FAIL',
  DELETE: 'DELETE',
} as const;
export type MsgStatus = (typeof MsgStatus)[keyof typeof MsgStatus];

/** A mass send that was accepted. */
export interface SandboxSend {
  readonly appId: string;
  readonly msgId: string;
  /** Null for everything but articles. */
  readonly msgDataId: string | null;
  /** The caller's own, or the one derived from audience and content. */
  readonly clientmsgid: string;
  /** The path it came to. */
  readonly endpoint: string;
  readonly audience: Audience;
  readonly msgtype: string;
  /** The one material it shows; null where there is none or several. */
  readonly mediaId: string | null;
  /** The request, parsed. */
  readonly body: Fields;
  readonly acceptedAt: Date;
  /** What `mass/get` answers. */
  status: MsgStatus;
  /** Positions of the articles that were deleted one by one. */
  readonly deletedArticles: Set<number>;
  /** Of its articles. */
  readonly titles: readonly string[];
  /** How many people it reached, once it is through. */
  delivered: number;
}

/** How a send ended, as its MASSSENDJOBFINISH tells. */
export interface SendResult {
  /** `send success`, `send fail` or `err(N)`. */
  status: string;
  counts: DeliveryCounts;
  /** Of articles only. */
  copyright: CopyrightCheck | undefined;
  /** Addresses of the articles, in order; none where nothing was sent. */
  articleUrls: readonly string[];
}
