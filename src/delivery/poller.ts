import type { SendJob } from '../campaigns/campaign.ts';
import { isFinal } from '../campaigns/status.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { type Loop, startLoop } from '../loop.ts';
import type { MassStatus } from '../wechat/client.ts';

interface PolledJob extends SendJob {
  /** How often WeChat was asked for it. */
  polls: number;
}

export interface StatusStore {
  duePoll(appId: string, now: Date): Promise<PolledJob | null>;
  nextPoll(appId: string): Promise<Date | null>;
  postponePoll(jobId: string, polls: number, nextPollAt: Date | null): Promise<void>;
  recordStatus(appId: string, msgId: string, seen: MassStatus, at: Date): Promise<void>;
}

/** However long a result stays away, it is asked for this often. */
const LONGEST_PAUSE_MS = 6 * 3_600_000;

/** After about two days, WeChat does not know of it any more. */
const MOST_POLLS_OF_KNOWN = 15;

/** Asks WeChat what became of sends whose result event stays away: soon after acceptance, then less and less often. */
export function startPoller(deps: {
  appId: string;
  store: StatusStore;
  massStatus: (msgId: string) => Promise<MassStatus>;
  statusPollMs: number;
  clock: Clock;
  log: Log;
}): Loop {
  const { appId, store, clock, log } = deps;

  async function step(): Promise<Date | null> {
    const job = await store.duePoll(appId, clock.now());
    if (!job?.msgId) return store.nextPoll(appId);
    const context = { appId, campaignId: job.campaignId, jobId: job.id, msgId: job.msgId };
    const seen = await ask(job.msgId, context);
    const now = clock.now();
    if (seen && isFinal(seen.status)) {
      log.info({ ...context, status: seen.status }, 'WeChat was asked for a result');
      await store.recordStatus(appId, job.msgId, seen, now);
    } else {
      const pause = Math.min(deps.statusPollMs * 2 ** (job.polls + 1), LONGEST_PAUSE_MS);
      // Whose result is known is asked for until there is an answer: what it shares with another may be deleted.
      const isEnough = isFinal(job.status) && (seen !== null || job.polls >= MOST_POLLS_OF_KNOWN);
      const next = isEnough ? null : new Date(now.getTime() + pause);
      await store.postponePoll(job.id, job.polls + 1, next);
    }
    return now;
  }

  /** Null where WeChat gave no answer: 40059 right after a send only means that it is not visible yet. */
  async function ask(msgId: string, context: object): Promise<MassStatus | null> {
    try {
      return await deps.massStatus(msgId);
    } catch (error) {
      log.debug({ ...context, error }, 'WeChat could not say what became of a send');
      return null;
    }
  }

  return startLoop({ clock, log, step });
}
