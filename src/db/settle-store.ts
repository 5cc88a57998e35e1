import { eq } from 'drizzle-orm';
import { CLIENT_MSG_ID_WINDOW_MS } from '../campaigns/client-msg-id.ts';
import { withoutCode } from '../campaigns/failure.ts';
import { changeableFrom, SendStatus } from '../campaigns/status.ts';
import { type Database, run, type Step } from './database.ts';
import { changeJob, type JobRow } from './job-changes.ts';
import { jobsByMsgId, retellPushes } from './result-steps.ts';

/** What came of it: the campaign, or why not. A msg_id is taken where another send has it. */
export type Settled =
  | { kind: 'settled'; campaignId: string; appId: string }
  | { kind: 'taken'; campaignId: string }
  | { kind: 'noJob' | 'notUnknown' | 'askedAgain' };

const NOT_SENT = withoutCode(
  "somebody found that WeChat's history has no such send (人工核对:微信后台没有这次群发)",
);

/** What somebody has found out about a send that WeChat does not explain any more. */
export function createSettleStore({ atomically, tables: t }: Database) {
  /**
   * @param msgId under which WeChat carried it out; null: it did not
   * @param appIds of the accounts whose jobs may be settled
   */
  const settle = (
    jobId: string,
    msgId: string | null,
    appIds: readonly string[],
    at: Date,
  ): Promise<Settled> =>
    atomically(function* (tx): Step<Settled> {
      const [job]: JobRow[] = yield* run(tx.select().from(t.jobs).where(eq(t.jobs.id, jobId)));
      if (!job || !appIds.includes(job.appId)) return { kind: 'noJob' };
      const { id, appId, campaignId } = job;
      if (job.status !== SendStatus.UNKNOWN) return { kind: 'notUnknown' };
      const isRemembered =
        job.unknownSince !== null && at.getTime() - job.unknownSince.getTime() < CLIENT_MSG_ID_WINDOW_MS;
      if (job.leaseUntil !== null || (job.nextAttemptAt !== null && isRemembered))
        return { kind: 'askedAgain' };
      const [other] = msgId === null ? [] : yield* run(jobsByMsgId(tx, t, { appId, msgId }));
      if (other) return { kind: 'taken', campaignId: other.campaignId };
      const outcome =
        msgId === null
          ? { status: SendStatus.FAILED, failure: NOT_SENT, finishedAt: at }
          : { status: SendStatus.SENDING, failure: null, msgId, nextPollAt: at };
      const set = { ...outcome, unknownSince: null, nextAttemptAt: null };
      const settled = yield* changeJob(tx, t, { id, from: changeableFrom.settle, set, at });
      if (settled && msgId !== null) yield* retellPushes(tx, t, settled, msgId);
      return { kind: 'settled', campaignId, appId };
    });

  return { settle };
}
