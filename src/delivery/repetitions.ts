import { CLIENT_MSG_ID_WINDOW_MS } from '../campaigns/client-msg-id.ts';
import type { EngineJob } from './submission-store.ts';

export interface DeliverySettings {
  /** Milliseconds that one call to WeChat may take. */
  timeoutMs: number;
  /** Milliseconds before an unknown outcome is asked again, or a send that came too fast is tried again. */
  retryPauseMs: number;
  /** Milliseconds after acceptance before WeChat is asked for the result. */
  statusPollMs: number;
}

/** A clock may be set back by so much without being noticed. */
export const CLOCK_STEP_MS = 5 * 60_000;

/** A lease outlives the call it is for by this much, so that the outcome can be stored. */
export const LEASE_MARGIN_MS = 5_000;

/** So often is an unknown outcome asked for at the usual pace. A service account has a hundred calls a day, and an outage would take them all. */
const TRIES_AT_PACE = 15;

/** Between the tries after those, in pauses, and in milliseconds at most. */
const SLOW = { pauses: 30, mostMs: 30 * 60_000 };

export const later = (from: Date, milliseconds: number): Date => new Date(from.getTime() + milliseconds);

/** When a job whose outcome is unknown may be handed to WeChat again: never once WeChat has forgotten its clientmsgid. */
export function createRepetitions({ timeoutMs, retryPauseMs }: DeliverySettings) {
  const repeatableMs = CLIENT_MSG_ID_WINDOW_MS - timeoutMs - LEASE_MARGIN_MS - CLOCK_STEP_MS;
  const slowMs = Math.max(retryPauseMs, Math.min(retryPauseMs * SLOW.pauses, SLOW.mostMs));

  /** A call that goes out from then on could reach WeChat after it has forgotten the one of `firstCall`. */
  const forgottenFrom = (firstCall: Date): Date => later(firstCall, repeatableMs);

  return {
    repeatableMs,

    /** Null once the repetition could reach WeChat after it has forgotten the clientmsgid: it would be a second send. */
    nextRepetition({ unknownSince, submittedAt }: EngineJob, lastCall: Date): Date | null {
      const firstCall = unknownSince ?? submittedAt ?? lastCall;
      const isAtPace = lastCall < later(firstCall, (TRIES_AT_PACE - 1) * retryPauseMs);
      const next = later(lastCall, isAtPace ? retryPauseMs : slowMs);
      return next < forgottenFrom(firstCall) ? next : null;
    },

    /** A call that is kept from leaving, by a token that takes its time or a machine that sleeps, does not leave from then on. */
    lastDeparture({ unknownSince, submittedAt, sendBefore }: EngineJob, now: Date): Date {
      const forgotten = forgottenFrom(unknownSince ?? submittedAt ?? now);
      return sendBefore && sendBefore < forgotten ? sendBefore : forgotten;
    },
  };
}
