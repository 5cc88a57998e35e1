import type { SendFailure } from './failure.ts';

/** What is handed to WeChat for one job, frozen: every repetition sends these bytes. */
export interface FrozenRequest {
  endpoint: 'sendToFilter' | 'sendToOpenIds';
  body: string;
}

/** What is known after handing a job to WeChat once. */
export type SubmissionOutcome =
  | { kind: 'accepted'; msgId: string; msgDataId: string | null }
  /** Not accepted, and the same request would be refused again. */
  | { kind: 'refused'; failure: SendFailure }
  /** Not accepted for a reason outside the request: a quota, a setting, a confirmation. Ends the job if it was its first try. */
  | { kind: 'blocked'; failure: SendFailure }
  /** Not accepted, and worth another try after a pause. */
  | { kind: 'later'; failure: SendFailure }
  /** The request may have been carried out. */
  | { kind: 'unknown'; failure: SendFailure };
