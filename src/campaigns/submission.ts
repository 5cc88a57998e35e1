import type { SendFailure } from './failure.ts';

/** What is handed to WeChat for one job, frozen: every repetition sends these bytes. */
export interface FrozenRequest {
  endpoint: 'sendToFilter' | 'sendToOpenIds';
  body: string;
}

/** What is known after handing a job to WeChat once. */
export type SubmissionOutcome =
  | {
      kind: 'accepted';
      msgId: string;
      msgDataId: string | null;
      /** WeChat had accepted it before. */
      isKnown: boolean;
    }
  /** Not accepted, and the same request would be refused again. */
  | { kind: 'refused'; failure: SendFailure }
  /** Not accepted for a reason outside the request: a quota, a setting. Ends the job if it was its first try. */
  | {
      kind: 'blocked';
      failure: SendFailure;
      /** Every other job of the campaign would be refused for the same reason. */
      forAll: boolean;
      /** The quota that is used up, where it is one: whatever was counted here. */
      exhausted: 'CALLS' | 'SENDS' | null;
    }
  /** Not accepted until an administrator confirms it. */
  | { kind: 'unconfirmed'; failure: SendFailure }
  /** Not accepted, and worth another try after a pause. */
  | { kind: 'later'; failure: SendFailure }
  /** The request may have been carried out. */
  | { kind: 'unknown'; failure: SendFailure };
