import { and, asc, eq, inArray } from 'drizzle-orm';
import { campaignStatus, SendStatus } from '../../src/campaigns/status.ts';
import type { Database } from '../../src/db/database.ts';
import type { JobRow } from '../../src/db/job-changes.ts';
import { Broken, type Ledger } from './ledger.ts';

/** Every way a status may go; where a job waits for WeChat to take it, it may come back to PENDING, and results may be corrected. */
/** An event with the same status tells that more became known. */
const FORWARD: Record<SendStatus, readonly SendStatus[]> = {
  PENDING: ['SUBMITTING', 'FAILED', 'CANCELED', 'EXPIRED'],
  SUBMITTING: ['PENDING', 'UNKNOWN', 'SENDING', 'FAILED', 'CANCELED'],
  UNKNOWN: ['UNKNOWN', 'SENDING', 'FAILED'],
  SENDING: ['SENDING', 'SENT', 'FAILED'],
  SENT: ['SENT', 'FAILED'],
  FAILED: ['FAILED', 'SENT'],
  CANCELED: [],
  EXPIRED: [],
  DELETED: [],
};

type Job = Pick<JobRow, 'id' | 'campaignId' | 'index' | 'status' | 'msgId'>;

/** Compares what the database says with what happened, and gives everything that does not fit; also which outcomes are unknown. */
export async function findLies(
  { read, tables: t }: Database,
  appId: string,
  ledger: Ledger,
  /** Jobs that had time enough for their outcome to be known. */
  mustBeKnown: (jobId: string) => boolean,
): Promise<{ lies: string[]; unknown: string[] }> {
  const lies: string[] = [];
  const { id, campaignId, index, status, msgId } = t.jobs;
  const jobs: Job[] = await read
    .select({ id, campaignId, index, status, msgId })
    .from(t.jobs)
    .where(eq(t.jobs.appId, appId))
    .orderBy(asc(index));
  // By their campaigns: the log has no index of accounts, and it grows with every schedule.
  const campaignIds = [...new Set(jobs.map((job) => job.campaignId))];
  const events = await read
    .select({ jobId: t.events.jobId, status: t.events.status })
    .from(t.events)
    .where(and(inArray(t.events.campaignId, campaignIds), eq(t.events.type, 'SendJobChanged')))
    .orderBy(asc(t.events.id));
  const pushes = await read
    .select({ msgId: t.pushes.msgId, result: t.pushes.result })
    .from(t.pushes)
    .where(eq(t.pushes.appId, appId))
    .orderBy(asc(t.pushes.id));

  for (const job of jobs) {
    const { status } = job;
    const lie = (what: string) => void lies.push(`${what}: ${job.id} is ${status}`);
    const [msgId] = ledger.job(job.id).msgIds;
    const path = events.filter(({ jobId }) => jobId === job.id);
    path.forEach(({ status: to }, index) => {
      const from = path[index - 1]?.status;
      if (to && (from ? !FORWARD[from].includes(to) : to !== 'PENDING'))
        lie(`status went from ${from} to ${to}`);
    });
    if (path.at(-1)?.status !== status) lie(`the last event is ${path.at(-1)?.status}`);

    if (job.msgId !== null && job.msgId !== msgId) lie(`its msg_id is ${job.msgId}, WeChat gave ${msgId}`);
    const isAccepted = job.msgId !== null;
    const mayBeAccepted = isAccepted || status === 'UNKNOWN' || status === 'SUBMITTING';
    if (msgId !== undefined && !mayBeAccepted) lie(Broken.DENIED);
    if (isAccepted !== ['SENDING', 'SENT'].includes(status) && !(isAccepted && status === 'FAILED')) {
      lie(`its msg_id is ${job.msgId}`);
    }
    if (mustBeKnown(job.id) && (['PENDING', 'SUBMITTING', 'UNKNOWN'] as string[]).includes(status)) {
      lie('its outcome should be known');
    }
    const result = pushes.findLast((push) => isAccepted && push.msgId === job.msgId)?.result;
    if (result && status !== (result.delivered ? SendStatus.SENT : SendStatus.FAILED)) {
      lie(`its result is ${result.rawStatus}`);
    }
  }

  for (const jobId of ledger.jobs.keys()) {
    if (!jobs.some((job) => job.id === jobId)) lies.push(`it was lost: ${jobId}`);
  }

  const campaigns = await read
    .select({ id: t.campaigns.id, status: t.campaigns.status })
    .from(t.campaigns)
    .where(eq(t.campaigns.appId, appId));
  for (const { id, status } of campaigns) {
    const expected = campaignStatus(jobs.filter((job) => job.campaignId === id));
    if (status !== expected) lies.push(`campaign ${id} is ${status}, its jobs say ${expected}`);
  }
  const unknown = jobs.flatMap((job) => (job.status === SendStatus.UNKNOWN ? [job.id] : []));
  return { lies, unknown };
}
