import { AuditOutcome } from '../access/audit-entry.ts';
import type { AuditRecord } from '../access/audit-trail.ts';
import type { AccountProfile } from '../campaigns/account.ts';
import type { SendJob } from '../campaigns/campaign.ts';
import type { Ids } from '../campaigns/ids.ts';
import type { MassSendRequest } from '../campaigns/mass-send-request.ts';
import { SendStatus } from '../campaigns/status.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Loop } from '../loop.ts';
import type { Observer } from '../observer.ts';
import type { WechatClient } from '../wechat/client.ts';
import { createIntake, type IntentStore, type TakenIn } from './intake.ts';
import { type Plan, planSend } from './plan.ts';
import { type StatusStore, startPoller } from './poller.ts';
import type { DeliverySettings } from './repetitions.ts';
import { type FindMaterials, sendIssues } from './send-issues.ts';
import type { SubmissionStore } from './submission-store.ts';
import { startSubmitter } from './submitter.ts';

/** A mutation answers with what is known by then. */
const ANSWER_WITHIN_MS = 10_000;

/** Takes sends in, hands them to WeChat and sees what becomes of them: two loops for each account. */
export function startDelivery(deps: {
  accounts: readonly AccountProfile[];
  wechat: (appId: string) => WechatClient;
  intents: IntentStore;
  findMaterials: FindMaterials;
  submissions: SubmissionStore;
  statuses: StatusStore;
  firstJob: (campaignId: string) => Promise<SendJob | null>;
  settings: DeliverySettings;
  /** WeChat says to a call of then that a quota of an account is used up. */
  onExhausted: (
    account: AccountProfile,
    quota: 'CALLS' | 'SENDS',
    toAll: boolean,
    calledAt: Date,
  ) => Promise<void>;
  /** Nothing is sent until `resume`: the database is a copy, and the original may have sent what it holds. */
  held: boolean;
  observer: Observer;
  ids: Ids;
  clock: Clock;
  log: Log;
}) {
  const { clock, log, observer, settings } = deps;
  const takeIn = createIntake({
    store: deps.intents,
    findMaterials: deps.findMaterials,
    clock,
    ids: deps.ids,
    // Woken before the intent is committed, the engine takes its job in the same transaction: the disk is waited for once.
    onStoring: (appId) => engines.get(appId)?.submitter?.wake(),
    onStored: (appId, campaignId) => observer.takenIn({ appId, campaignId, replayed: false }),
  });
  /** Who waits for a campaign's first call to be over. */
  const waiting = new Map<string, Set<() => void>>();
  /** Of the mutations that wait for the first call of the campaign that they have made. */
  const records = new Map<string, AuditRecord>();

  const engines = new Map(
    deps.accounts.map((account) => {
      const { appId } = account;
      const { submit, massStatus } = deps.wechat(appId);
      const { statusPollMs } = settings;
      const poller = startPoller({ appId, store: deps.statuses, massStatus, statusPollMs, clock, log });
      const startSending = () =>
        startSubmitter({
          appId,
          callsPerMinute: account.limits.callsPerMinute,
          store: { ...deps.submissions, accept },
          submit: (job, request, notAfter) => observer.attempt(job, () => submit(job.id, request, notAfter)),
          settings,
          clock,
          log,
          onExhausted: (...what) => deps.onExhausted(account, ...what),
          onAttempt: (campaignId) => {
            for (const done of waiting.get(campaignId) ?? []) done();
          },
          onAccepted: poller.wake,
        });
      const submitter: Loop | null = deps.held ? null : startSending();
      return [appId, { poller, startSending, submitter }];
    }),
  );

  /** With it the answer to whoever waits is decided: that it is done is put on record in the same transaction. */
  async function accept(
    ...[claim, ids, at, nextPollAt]: Parameters<SubmissionStore['accept']>
  ): Promise<void> {
    const { campaignId } = claim.job;
    const bare = () => deps.submissions.accept(claim, ids, at, nextPollAt);
    const record = records.get(campaignId);
    if (!record) return bare();
    // The jobs that follow have nothing to put on record.
    records.delete(campaignId);
    const recorded = record.endWithin(AuditOutcome.DONE, campaignId, (end) =>
      deps.submissions.accept(claim, ids, at, nextPollAt, end),
    );
    // That WeChat has accepted must not be lost because it cannot be put on record.
    await recorded.catch(bare);
  }

  /** Until the first call is over, at most ten seconds; at once where it is over already or not due yet. */
  async function firstOutcome(campaignId: string, wake: () => void): Promise<void> {
    const { promise: enough, resolve: done } = Promise.withResolvers<void>();
    const others = waiting.get(campaignId) ?? new Set();
    waiting.set(campaignId, others.add(done));
    try {
      const job = await deps.firstJob(campaignId);
      const isWaiting = job?.status === SendStatus.PENDING && job.attempts === 0;
      if (isWaiting) wake();
      if (isWaiting || job?.status === SendStatus.SUBMITTING) {
        const cancel = clock.after(ANSWER_WITHIN_MS, done);
        await enough.finally(cancel);
      }
    } finally {
      others.delete(done);
      if (others.size === 0) waiting.delete(campaignId);
    }
  }

  return {
    /** Takes a send in and answers as soon as its first outcome is known, or after ten seconds with what is known by then. */
    async submit(request: MassSendRequest, record: AuditRecord): Promise<TakenIn> {
      const taken = await takeIn(request, record);
      const { appId } = request.account;
      if (taken.replayed) observer.takenIn({ appId, ...taken });
      log.info({ appId, ...taken }, 'a send was taken in');
      const submitter = engines.get(appId)?.submitter;
      if (!submitter) return taken;
      const isDue = request.scheduledAt === null || request.scheduledAt <= clock.now();
      if (!isDue) {
        submitter.wake();
        return taken;
      }
      if (!taken.replayed) records.set(taken.campaignId, record);
      await firstOutcome(taken.campaignId, submitter.wake).finally(() => {
        if (!taken.replayed) records.delete(taken.campaignId);
      });
      return taken;
    },

    /** What a send would be. */
    plan: async (request: MassSendRequest): Promise<Plan> =>
      planSend(request, await sendIssues(request, clock.now(), deps.findMaterials), deps.ids),

    /** Time may bring something for this account sooner than it was to. */
    wake: (appId: string): void => engines.get(appId)?.submitter?.wake(),

    /** There may be a send of this account whose result is to be asked for. */
    askForResults: (appId: string): void => engines.get(appId)?.poller.wake(),

    /** Lets a held gateway send. */
    resume(): void {
      for (const engine of engines.values()) engine.submitter ??= engine.startSending();
    },

    /** Finishes the calls under way and stores their outcomes. */
    async stop(): Promise<void> {
      const loops = [...engines.values()].flatMap(({ submitter, poller }) => [submitter, poller]);
      await Promise.all(loops.map((loop) => loop?.stop()));
    },
  };
}
