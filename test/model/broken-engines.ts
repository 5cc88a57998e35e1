import type { SubmissionOutcome } from '../../src/campaigns/submission.ts';
import type { Alteration } from './gateway-life.ts';

export const intact: Alteration = (engine) => engine;

/** Repeats an unknown outcome for ever. */
export const ignoreWindow: Alteration = ({ store, submit }, { retryPauseMs }) => {
  const next = (at: Date) => new Date(at.getTime() + retryPauseMs);
  return {
    submit: (jobId, request) => submit(jobId, request),
    store: {
      ...store,
      loseTrack: (claim, failure, at, nextAttemptAt) =>
        store.loseTrack(claim, failure, at, nextAttemptAt ?? next(at)),
      settleOverdue: (appId, times, failure, nextAttemptAt) =>
        store.settleOverdue(
          appId,
          { ...times, forgottenBefore: new Date(0) },
          failure,
          (job) => nextAttemptAt(job) ?? next(times.now),
        ),
    },
  };
};

/** Looks at the clock before a call is prepared, and not again before it goes out. */
export const lookOnce: Alteration = ({ store, submit }) => ({
  store,
  submit: (jobId, request) => submit(jobId, request),
});

/** Every call has a clientmsgid of its own. */
export const freshClientMsgId: Alteration = ({ store, submit }) => {
  let calls = 0;
  return {
    store,
    submit: (jobId, request) => {
      const body = { ...JSON.parse(request.body), clientmsgid: `${jobId}-${++calls}` };
      return submit(jobId, { ...request, body: JSON.stringify(body) });
    },
  };
};

const turn =
  (from: SubmissionOutcome['kind'], to: 'refused' | 'later'): Alteration =>
  ({ store, submit }) => ({
    store,
    submit: async (...args) => {
      const outcome = await submit(...args);
      return outcome.kind === from && 'failure' in outcome ? { kind: to, failure: outcome.failure } : outcome;
    },
  });

/** A quota or a setting that WeChat names after an unknown outcome is the end. */
export const believeBlocked = turn('blocked', 'refused');

/** Silence counts as "not sent": tried again, and the 24 hours begin anew. */
export const believeSilence = turn('unknown', 'later');
