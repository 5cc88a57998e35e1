import type { Clock } from '../../src/clock.ts';
import type { Timing } from './schedule.ts';

/** The promises that are kept, in the words of a report. */
export const Broken = {
  TWICE: 'WeChat has accepted a send twice',
  TOO_LATE: 'a call could reach WeChat 24 hours after the first one whose outcome is unknown',
  OTHER_BYTES: 'a repetition has other bytes',
  TOO_SOON: 'an unknown outcome was repeated before the pause was over',
  OVERLAP: 'two calls of one account were under way at once',
  TOO_EARLY: 'a send left before it was due',
  EXPIRED: 'a send left after its time',
  WITHDRAWN: 'a send left that had been canceled before',
  BELIEVED: 'an outcome that is unknown was taken for a refusal',
  DENIED: 'WeChat has accepted what is told as not sent',
} as const;

const WINDOW_MS = 24 * 3_600_000;

/** One process's side of a call. */
export interface CallOfJob {
  job: JobFacts;
  startedAt: Date;
  /** The start of the last doubtful call before this one. */
  before: Date | null;
}

/** What really happened to a job, seen from outside the engine. */
export interface JobFacts {
  id: string;
  notBefore: Date;
  sendBefore: Date | null;
  bytes: string | null;
  /** How often the engine has set out on a call, and since when, without knowing that nothing came of it. */
  openClaims: number;
  claimedSince: Date | null;
  /** When the first such call went out. */
  doubtfulSince: Date | null;
  lastDoubtful: Date | null;
  msgIds: string[];
  /** Somebody has canceled it and was told that it had not left. */
  isWithdrawn: boolean;
}

/** Writes down every call and every acceptance, and finds what must not happen. */
export function createLedger(deps: { clock: Clock; timing: Timing; seen: (what: string) => void }) {
  const { clock, timing, seen } = deps;
  const findings: string[] = [];
  const jobs = new Map<string, JobFacts>();
  const owners = new Map<string, JobFacts>();
  const underWay = new Map<CallOfJob, () => boolean>();
  /** Pauses cannot be relied upon any more. */
  let isDisturbed = false;
  const find = (broken: string, { id }: JobFacts) =>
    void findings.push(`${broken}: ${id} at ${clock.now().toISOString()}`);

  function job(id: string): JobFacts {
    const known = jobs.get(id);
    if (known) return known;
    const facts: JobFacts = {
      id,
      notBefore: new Date(0),
      sendBefore: null,
      bytes: null,
      openClaims: 0,
      claimedSince: null,
      doubtfulSince: null,
      lastDoubtful: null,
      msgIds: [],
      isWithdrawn: false,
    };
    jobs.set(id, facts);
    return facts;
  }

  return {
    findings,
    jobs,
    job,

    /** The engine has stored that it is about to call. */
    claimed(jobId: string, at: Date): void {
      const facts = job(jobId);
      facts.openClaims++;
      facts.claimedSince ??= at;
    },

    /** The engine is about to hand these bytes over for a job. */
    owns(jobId: string, body: string): void {
      owners.set(body, job(jobId));
    },

    /** A request goes out. `isInCharge` tells whether the database is still that of the process that made it. */
    begin(path: string, body: string, isInCharge: () => boolean): CallOfJob {
      const facts = owners.get(body);
      if (!facts) throw new Error(`nobody handed this over: ${body}`);
      const startedAt = clock.now();
      const passed = (from: Date) => startedAt.getTime() - from.getTime();
      if (passed(facts.notBefore) < 0) find(Broken.TOO_EARLY, facts);
      // Where an earlier call may have been carried out, this one asks what became of that.
      const isFirst = facts.openClaims === 1;
      if (isFirst && facts.sendBefore && startedAt >= facts.sendBefore) find(Broken.EXPIRED, facts);
      if (facts.isWithdrawn) find(Broken.WITHDRAWN, facts);
      const bytes = `${path} ${body}`;
      facts.bytes ??= bytes;
      if (facts.bytes !== bytes) find(Broken.OTHER_BYTES, facts);
      if (facts.doubtfulSince && passed(facts.doubtfulSince) + timing.timeoutMs >= WINDOW_MS) {
        find(Broken.TOO_LATE, facts);
      }
      if (facts.doubtfulSince) seen('an unknown outcome repeated');
      if (facts.doubtfulSince && passed(facts.doubtfulSince) + 3 * timing.timeoutMs >= WINDOW_MS) {
        seen('an unknown outcome repeated in the last minutes');
      }
      // A gateway that somebody took the database over from cannot know what its successor does, nor the other way round.
      if (isInCharge()) {
        if (!isDisturbed && facts.lastDoubtful && passed(facts.lastDoubtful) < timing.retryPauseMs) {
          find(Broken.TOO_SOON, facts);
        }
        if ([...underWay.values()].some((isOtherInCharge) => isOtherInCharge())) find(Broken.OVERLAP, facts);
      }
      const call = { job: facts, startedAt, before: facts.lastDoubtful };
      facts.doubtfulSince ??= startedAt;
      if (isInCharge()) facts.lastDoubtful = startedAt;
      underWay.set(call, isInCharge);
      return call;
    },

    /** The caller knows how it ended. `isRefusal`: the answer proves that this call was not carried out. */
    end(call: CallOfJob, isRefusal: boolean): void {
      underWay.delete(call);
      if (isRefusal && call.before !== null) seen('refused after an unknown outcome');
      if (isRefusal && call.before !== null && call.job.msgIds.length > 0) {
        seen('refused after it was accepted');
      }
      if (isRefusal && call.job.lastDoubtful === call.startedAt) call.job.lastDoubtful = call.before;
    },

    /** A gateway that has not noticed its successor has swept up once more, and taken calls that are long under way for lost. */
    disturbed(): void {
      isDisturbed = true;
    },

    /** WeChat has accepted. */
    accepted(call: CallOfJob, msgId: string): void {
      call.job.msgIds.push(msgId);
      if (call.job.msgIds.length > 1) find(Broken.TWICE, call.job);
    },

    /** The engine has stored that nothing of this job can be at WeChat: it begins anew. */
    cleared(jobId: string): void {
      const facts = job(jobId);
      if (facts.lastDoubtful !== null) find(Broken.BELIEVED, facts);
      facts.doubtfulSince = null;
      facts.claimedSince = null;
      facts.openClaims = 0;
    },
  };
}
export type Ledger = ReturnType<typeof createLedger>;
