import { expect } from 'vitest';
import type { Intent } from '../../src/campaigns/intent.ts';
import { createIntentStore } from '../../src/db/intent-store.ts';
import { ASKED } from '../kit/asked.ts';
import { intentOf } from './asked.ts';
import { findLies } from './final-checks.ts';
import type { Alteration } from './gateway-life.ts';
import { createJumpingClock } from './jumping-clock.ts';
import { createLedger } from './ledger.ts';
import type { ModelDatabase } from './model-database.ts';
import { createModelWechat, type ModelWechat } from './model-wechat.ts';
import { createProcesses } from './processes.ts';
import type { Schedule, Step } from './schedule.ts';

const WINDOW_MS = 24 * 3_600_000;

/** How far the engine stays away from the end of the window, beside the time that a call may take. */
const MARGIN_MS = 5_000;

/** Drives the engine through one schedule. Throws an error that lists every promise that was broken. */
export async function runSchedule(deps: {
  database: ModelDatabase;
  /** No other run has it. */
  appId: string;
  schedule: Schedule;
  alter: Alteration;
  /** Counts what came up, so that it shows whether the schedules get anywhere. */
  seen: (what: string) => void;
  /** Whether a broken promise counts; all do where this is left out. */
  counts?: (finding: string) => boolean;
}): Promise<void> {
  const { database, appId, schedule, seen, alter } = deps;
  const { timing } = schedule;
  const { timeoutMs, retryPauseMs } = timing;
  const clock = createJumpingClock(database.settled);
  const ledger = createLedger({ clock, timing, seen });
  const wechat: ModelWechat = createModelWechat({
    ...{ clock, ledger, schedule, seen },
    push: (result) => processes.push(result),
  });
  const processes = createProcesses({
    ...{ database, appId, clock, timing, ledger, alter, seen },
    wechat: () => wechat,
  });
  const campaigns: { intent: Intent; isAnswered: boolean }[] = [];

  /** Whoever gets no answer asks again in the end, under the same key. */
  function hand(campaign: { intent: Intent; isAnswered: boolean }): void {
    const life = processes.life();
    // The first is asked for before the process under trial has started.
    const intents = life?.intents ?? createIntentStore(database);
    intents.store(campaign.intent, ASKED).then(
      () => {
        campaign.isAnswered = true;
        life?.wake();
      },
      () => {},
    );
  }

  function ask(step: Extract<Step, { do: 'ask' }>): void {
    const createdAt = clock.now();
    const intent = intentOf(step, { appId, name: `${appId}-${campaigns.length}`, createdAt });
    const { scheduledAt, sendBefore } = intent.campaign;
    for (const { id } of intent.jobs)
      Object.assign(ledger.job(id), { notBefore: scheduledAt ?? createdAt, sendBefore });
    const campaign = { intent, isAnswered: false };
    campaigns.push(campaign);
    hand(campaign);
  }

  function cancel(campaign: (typeof campaigns)[number] | undefined): void {
    if (!campaign?.isAnswered) return;
    const canceled = processes.life()?.control.cancel(campaign.intent.campaign.id, clock.now());
    canceled?.then(
      (jobs) => {
        for (const { id, status } of jobs) if (status === 'CANCELED') ledger.job(id).isWithdrawn = true;
      },
      () => {},
    );
  }

  /** To near the end of the first window that is still open. */
  async function approachEnd({ off, how }: Extract<Step, { do: 'approach the end' }>): Promise<void> {
    const now = clock.now().getTime();
    const ends = [...ledger.jobs.values()].flatMap(({ doubtfulSince }) =>
      doubtfulSince ? [doubtfulSince.getTime() + WINDOW_MS] : [],
    );
    const end = ends.find((at) => at > now) ?? now;
    const away = end - now + Math.floor((timeoutMs * off) / 100);
    if (away <= 0) return;
    if (how === 'outage') return processes.outage(away);
    processes.jump(away);
    processes.life()?.wake();
  }

  async function perform(step: Step): Promise<void> {
    switch (step.do) {
      case 'ask':
        return ask(step);
      case 'pass':
        return clock.advance((retryPauseMs * step.pauses) / 100);
      case 'jump':
        return processes.jump(step.for);
      case 'approach the end':
        return approachEnd(step);
      case 'trap':
        return processes.mortal()?.arm(step.trap);
      case 'restart':
        if (step.inOrder) {
          void processes.life()?.stop();
          await clock.advance(2 * timeoutMs);
        }
        return processes.outage(step.downFor);
      case 'take over':
        return processes.takeOver();
      case 'trouble':
        return wechat.refuseWith(step.errcode);
      case 'refill':
        return wechat.refill();
      case 'cancel':
        return cancel(campaigns[step.which]);
    }
  }

  const report = (findings: readonly string[]) => {
    const counted = findings.filter(deps.counts ?? (() => true));
    if (counted.length > 0) throw new Error(counted.join('\n'));
  };

  /** Nothing goes wrong any more: what can still become known must, and what cannot must never be sent again. */
  async function conclude(): Promise<void> {
    wechat.calmDown();
    processes.endSuperseded();
    processes.mortal()?.disarm();
    await processes.start();
    for (const campaign of campaigns) if (!campaign.isAnswered) hand(campaign);
    // One pause that the account may have to hold, one for the job itself, one for a try that is still being worked on at WeChat,
    // and one to spare; the database may still be slow for an hour, and a job be scheduled for two hours later.
    const enough = 4 * (retryPauseMs + timeoutMs) + 8 * timeoutMs + 3 * 3_600_000;
    const deadline = clock.now().getTime() + enough;
    const isForgotten = new Map(
      [...ledger.jobs.values()].map(({ id, claimedSince }) => [
        id,
        claimedSince !== null && claimedSince.getTime() + WINDOW_MS - timeoutMs - MARGIN_MS <= deadline,
      ]),
    );
    const check = async () => {
      report(ledger.findings);
      const { lies, unknown } = await findLies(database, appId, ledger, (id) => !isForgotten.get(id));
      report(lies);
      return unknown;
    };
    await clock.advance(enough);
    const unknown = await check();
    if (unknown.length === 0) return;
    seen('still unknown after 24 hours');
    await clock.advance(2 * WINDOW_MS);
    expect(await check()).toEqual(unknown);
  }

  try {
    const [first, ...steps] = schedule.steps;
    if (first) await perform(first);
    await processes.start();
    for (const step of steps) {
      await perform(step);
      await clock.advance(0);
      report(ledger.findings);
    }
    await conclude();
  } finally {
    processes.killAll();
  }
}
