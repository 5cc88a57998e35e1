import type { SendJob } from './campaign.ts';
import { isFinal, SendStatus } from './status.ts';

/** How far a campaign has come. */
export interface CampaignProgress {
  /** Jobs whose outcome is known. */
  jobsDone: number;
  jobsTotal: number;
  recipientsDone: number;
  /** Null where it is not known to how many a job goes. */
  recipientsTotal: number | null;
  /** When the last job will have left at the pace of the account; null once all have, and where there is no pace. */
  estimatedFinishAt: Date | null;
}

/** Null where it is not known of one of them to how many it goes. */
export const recipientsOf = (jobs: readonly Pick<SendJob, 'recipients'>[]): number | null =>
  jobs.reduce<number | null>(
    (sum, { recipients }) => (sum === null || recipients === null ? null : sum + recipients),
    0,
  );

/** Null where WeChat gave no figure at all: that is no zero. */
export const sumOfKnown = (figures: readonly (number | null)[]): number | null =>
  figures.reduce((sum, figure) => (figure === null ? sum : (sum ?? 0) + figure), null);

export function progressOf(
  jobs: readonly SendJob[],
  /** Null where nothing leaves. */
  pace: { callsPerMinute: number; from: Date } | null,
): CampaignProgress {
  const done = jobs.filter(({ status }) => isFinal(status));
  const waiting = jobs.filter(({ status }) => status === SendStatus.PENDING);
  return {
    jobsDone: done.length,
    jobsTotal: jobs.length,
    recipientsDone: recipientsOf(done) ?? 0,
    recipientsTotal: recipientsOf(jobs),
    estimatedFinishAt: pace && waiting.length > 0 ? lastLeavesAt(waiting.length, pace) : null,
  };
}

/** Jobs leave in bursts of a minute's calls. */
function lastLeavesAt(jobs: number, { callsPerMinute, from }: { callsPerMinute: number; from: Date }): Date {
  return new Date(from.getTime() + Math.floor((jobs - 1) / callsPerMinute) * 60_000);
}
