import type { Campaign } from './campaign.ts';
import type { Quota, QuotaRule } from './quota.ts';
import type { FrozenRequest } from './submission.ts';

/** A send that was asked for, checked and frozen. */
export interface Intent {
  campaign: Omit<Campaign, 'status' | 'recipients' | 'submittedAt' | 'finishedAt' | 'deletedAt'> & {
    /** Of the whole input: tells a repetition from another send under the same key. */
    fingerprint: string;
  };
  jobs: {
    id: string;
    index: number;
    clientMsgId: string;
    recipients: number | null;
    /** Null where it was staged before. */
    request: FrozenRequest | null;
  }[];
  /** Under which the requests of all jobs were staged; null where the jobs have them. */
  stage: string | null;
  /** The rules that hold when it will be sent. */
  quotaRules: QuotaRule[];
}

/** What became of an intent that was to be stored, and where it is on record that it was asked for. */
export type KeptIntent = StoredIntent & { askedIn: number };

export type StoredIntent =
  | { kind: 'stored' }
  | { kind: 'replayed'; campaignId: string }
  | { kind: 'conflict'; campaignId: string }
  | { kind: 'quota'; quota: Quota }
  | { kind: 'clientMsgIdTaken'; campaignId: string };
