import type { AuditEntry } from '../access/audit-entry.ts';
import type { SendJob } from '../campaigns/campaign.ts';
import type { SendFailure } from '../campaigns/failure.ts';
import type { FrozenRequest } from '../campaigns/submission.ts';

export interface EngineJob extends SendJob {
  /** When the first call whose outcome is unknown went out. */
  unknownSince: Date | null;
  /** Since when it waits for an administrator. */
  unconfirmedSince: Date | null;
  toAll: boolean;
  /** It may not leave from then on. Null also once a call of it may have been carried out. */
  sendBefore: Date | null;
}

export interface Claim {
  job: EngineJob;
  request: FrozenRequest;
}

/** Where jobs are kept; each function is one transaction. */
export interface SubmissionStore {
  claim(appId: string, now: Date, leaseUntil: Date): Promise<Claim | null>;
  accept(
    claim: Claim,
    ids: { msgId: string; msgDataId: string | null },
    at: Date,
    nextPollAt: Date,
    onRecord?: AuditEntry,
  ): Promise<void>;
  refuse(claim: Claim, failure: SendFailure, forAll: boolean, at: Date): Promise<void>;
  retryLater(
    claim: Claim,
    failure: SendFailure,
    at: Date,
    nextAttemptAt: Date,
    unconfirmedSince: Date | null,
  ): Promise<void>;
  /** `mayBeDone`: this call, and not only one before it, may have been carried out. */
  loseTrack(
    claim: Claim,
    failure: SendFailure,
    at: Date,
    next: { nextAttemptAt: Date | null; mayBeDone: boolean },
  ): Promise<void>;
  /** `next`: when a call whose caller died is repeated. */
  settleOverdue(
    appId: string,
    times: {
      now: Date;
      /** Leases until then are those of dead callers. */
      leasesUntil: Date;
      /** Unknown outcomes from before then are not asked again. */
      forgottenBefore: Date;
      /** Nor are those of this moment and later: the clock was set back since. */
      ahead: Date;
    },
    failure: SendFailure,
    next: (job: EngineJob) => Date | null,
  ): Promise<void>;
  nextDue(appId: string): Promise<Date | null>;
  nextExpiry(appId: string): Promise<Date | null>;
  sendCallsSince(appId: string, from: Date, atLeast: number): Promise<Date[]>;
}
