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
  /** When the last job will have left at the pace of the account; null once all have, or where some wait for something else. */
  estimatedFinishAt: Date | null;
}

export function progressOf(
  jobs: readonly SendJob[],
  pace: { callsPerMinute: number; from: Date },
): CampaignProgress {
  const done = jobs.filter(({ status }) => isFinal(status));
  const waiting = jobs.filter(({ status }) => status === SendStatus.PENDING);
  const recipients = (of: readonly SendJob[]) =>
    of.reduce<number | null>(
      (sum, job) => (sum === null || job.recipients === null ? null : sum + job.recipients),
      0,
    );
  // Jobs leave in bursts of a minute's calls.
  const minutes = Math.floor(Math.max(waiting.length - 1, 0) / pace.callsPerMinute);
  return {
    jobsDone: done.length,
    jobsTotal: jobs.length,
    recipientsDone: recipients(done) ?? 0,
    recipientsTotal: recipients(jobs),
    estimatedFinishAt: waiting.length === 0 ? null : new Date(pace.from.getTime() + minutes * 60_000),
  };
}
