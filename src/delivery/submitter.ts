import { setImmediate } from 'node:timers/promises';
import { withoutCode } from '../campaigns/failure.ts';
import type { FrozenRequest, SubmissionOutcome } from '../campaigns/submission.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { type Loop, startLoop } from '../loop.ts';
import {
  CLOCK_STEP_MS,
  createRepetitions,
  type DeliverySettings,
  LEASE_MARGIN_MS,
  later,
} from './repetitions.ts';
import type { Claim, EngineJob, SubmissionStore } from './submission-store.ts';

/** An administrator has this long to confirm a send; silence is a refusal. */
const CONFIRMATION_WINDOW_MS = 30 * 60_000;

/** Later than any lease. */
const ANY_TIME = new Date('9999-12-31T23:59:59.999Z');

const CALLER_DIED = withoutCode('the gateway stopped during the call to WeChat');

const isFirstTry = ({ unknownSince, status }: EngineJob): boolean =>
  unknownSince === null && status !== 'UNKNOWN';

/** A call that is over. */
interface Over {
  claim: Claim;
  outcome: SubmissionOutcome;
  calledAt: Date;
}

/**
 * Hands the jobs of one account to WeChat, one after another: claim, call, store the outcome. A job whose outcome is unknown is
 * repeated with the same bytes and the same clientmsgid until WeChat says what became of it, and never once WeChat has forgotten it.
 */
export function startSubmitter(deps: {
  appId: string;
  callsPerMinute: number;
  store: SubmissionStore;
  /** The call does not go out from `notAfter` on. */
  submit: (job: EngineJob, request: FrozenRequest, notAfter: Date) => Promise<SubmissionOutcome>;
  settings: DeliverySettings;
  clock: Clock;
  log: Log;
  /** WeChat says to a call of then that a quota is used up. */
  onExhausted: (quota: 'CALLS' | 'SENDS', toAll: boolean, calledAt: Date) => Promise<void>;
  /** A call is over and its outcome is stored. */
  onAttempt: (campaignId: string) => void;
  /** WeChat accepted a job. */
  onAccepted: () => void;
}): Loop {
  const { appId, store, settings, clock, log } = deps;
  const { repeatableMs, nextRepetition, lastDeparture } = createRepetitions(settings);
  /** No send of this account before then: WeChat said that they come too fast. */
  let holdUntil = new Date(0);
  /** Whoever held leases before this process is dead: only one gateway has the database open. */
  let isFirstStep = true;
  /** A call that is over and whose outcome is not stored yet: WeChat tells it once, so it is kept while the database is away. */
  let over: Over | null = null;

  async function step(): Promise<Date | null> {
    if (!over) {
      const next = await callNext();
      if (!next || next instanceof Date) return next;
      over = next;
    }
    const { claim, outcome } = over;
    await storeOutcome(over);
    over = null;
    deps.onAttempt(claim.job.campaignId);
    // Whoever waits for it is answered before anything else is looked for.
    await setImmediate();
    if (outcome.kind === 'accepted') deps.onAccepted();
    return store.nextDue(appId);
  }

  /** Makes the next call. Where none may be made now: when there is something to do next. */
  async function callNext(): Promise<Over | Date | null> {
    const now = clock.now();
    const times = {
      now,
      leasesUntil: isFirstStep ? ANY_TIME : now,
      forgottenBefore: later(now, -repeatableMs),
      ahead: later(now, CLOCK_STEP_MS),
    };
    // When the caller died is not known, so its call may have gone out until now.
    await store.settleOverdue(appId, times, CALLER_DIED, (job) => nextRepetition(job, now));
    isFirstStep = false;
    const free = await freeAt(now);
    if (free > now) {
      const expiry = await store.nextExpiry(appId);
      return expiry && expiry < free ? expiry : free;
    }
    const claim = await store.claim(appId, now, later(now, settings.timeoutMs + LEASE_MARGIN_MS));
    if (!claim) return store.nextDue(appId);
    const outcome = await deps.submit(claim.job, claim.request, lastDeparture(claim.job, now));
    tell(claim.job, outcome);
    return { claim, outcome, calledAt: now };
  }

  /** When the pace of the account allows the next call. */
  async function freeAt(now: Date): Promise<Date> {
    const calls = await store.sendCallsSince(appId, later(now, -60_000), deps.callsPerMinute);
    // Those of later are from before the clock was set back.
    const blocking = calls.filter((at) => at <= now).at(-deps.callsPerMinute);
    const paced = blocking ? later(blocking, 60_000) : now;
    const longest = later(now, settings.retryPauseMs);
    if (holdUntil > longest) holdUntil = longest;
    return paced > holdUntil ? paced : holdUntil;
  }

  /** Before it is stored, and once: where it never can be, the log is all that is left of it. */
  function tell(job: EngineJob, outcome: SubmissionOutcome): void {
    const context = { appId, campaignId: job.campaignId, jobId: job.id, attempt: job.attempts };
    if (outcome.kind !== 'accepted') {
      const { kind, failure } = outcome;
      log.warn({ ...context, outcome: kind, code: failure.code }, failure.reason);
      return;
    }
    log.info({ ...context, msgId: outcome.msgId }, 'WeChat accepted the send');
    if (outcome.isKnown && isFirstTry(job) && job.attempts === 1)
      log.warn(
        context,
        'WeChat had this send already, before it was asked for here: it asks itself twice for very large tags, or another database has sent under the same key',
      );
  }

  async function storeOutcome({ claim, outcome, calledAt }: Over): Promise<void> {
    const { job } = claim;
    const now = clock.now();
    if (outcome.kind === 'accepted')
      return store.accept(claim, outcome, now, later(now, settings.statusPollMs));
    const { failure } = outcome;
    if (outcome.kind === 'later' && failure.code !== null) holdUntil = later(now, settings.retryPauseMs);
    if (outcome.kind === 'blocked' && outcome.exhausted)
      await deps.onExhausted(outcome.exhausted, job.toAll, calledAt);
    const retryAt = later(now, settings.retryPauseMs);
    // The request is the same to the byte, so what is wrong with it was wrong the first time too. Anything else that WeChat has
    // against it now says nothing about the call before: a quota may be used up by this very send.
    if (outcome.kind === 'refused') return store.refuse(claim, failure, false, now);
    if (outcome.kind === 'unknown' || !isFirstTry(job)) {
      const next = { nextAttemptAt: nextRepetition(job, now), mayBeDone: outcome.kind === 'unknown' };
      return store.loseTrack(claim, failure, now, next);
    }
    if (outcome.kind === 'later') return store.retryLater(claim, failure, now, retryAt, job.unconfirmedSince);
    if (outcome.kind === 'blocked') return store.refuse(claim, failure, outcome.forAll, now);
    const since = job.unconfirmedSince ?? now;
    // The last try comes after the half hour: who confirms at its very end is heard.
    if (now < later(since, CONFIRMATION_WINDOW_MS))
      return store.retryLater(claim, failure, now, retryAt, since);
    return store.refuse(
      claim,
      { ...failure, reason: `${failure.reason}; nobody did within 30 minutes` },
      true,
      now,
    );
  }

  const loop = startLoop({ clock, log, step });
  return {
    wake: loop.wake,
    async stop() {
      await loop.stop();
      // The database may be back by now.
      if (over) await storeOutcome(over).catch((error) => log.error({ error }, 'an outcome is not stored'));
    },
  };
}
