import { Gauge, type Registry } from 'prom-client';
import type { AccountProfile } from '../campaigns/account.ts';
import { type Quota, type QuotaRule, quotaRules } from '../campaigns/quota.ts';
import { SendStatus } from '../campaigns/status.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';

export interface GaugeReader {
  jobs(): Promise<{ appId: string; status: SendStatus; jobs: number; unknownSince: Date | null }[]>;
  waiting(now: Date): Promise<{ appId: string; dueSince: Date | null }[]>;
  eventHead(): Promise<number>;
  tokens(): Promise<{ appId: string; expiresAt: Date }[]>;
  quotas(appId: string, rules: readonly QuotaRule[]): Promise<Quota[]>;
  canWrite(): Promise<boolean>;
}

/** However often it is asked, the database is read this far apart at least. */
const READ_APART_MS = 5_000;

/** Prometheus waits for ten seconds by default. */
const READ_WITHIN_MS = 5_000;

/** A token of WeChat's lives for two hours, of which the answer tells what is left. */
const TOKEN_LIFE_SECONDS = 7_200;

const DAY_MS = 86_400_000;

/** Two rules of one kind hold for different spans. */
const spanOf = ({ from, to }: QuotaRule): 'minute' | 'day' | 'month' => {
  const milliseconds = to.getTime() - from.getTime();
  if (milliseconds < DAY_MS) return 'minute';
  return milliseconds === DAY_MS ? 'day' : 'month';
};

/** What stands in the database, read when somebody asks. */
export function registerGauges(deps: {
  accounts: readonly AccountProfile[];
  gauges: GaugeReader;
  subscribers: () => number;
  held: () => boolean;
  clock: Clock;
  log: Log;
  registers: Registry[];
}) {
  const { accounts, gauges, clock, log, registers } = deps;
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[] = []) =>
    new Gauge({ name, help, labelNames, registers });
  const isKnown = (appId: string) => accounts.some((account) => account.appId === appId);

  const up = gauge(
    'qunfa_database_up',
    '1 where the database answered and takes what is to be stored, else 0; the rest is then the last known.',
  );
  const jobs = gauge('qunfa_jobs', 'Send jobs by state.', ['account', 'state']);
  const unknown = gauge(
    'qunfa_oldest_unknown_age_seconds',
    'Since the first call of the job whose outcome has been unknown for longest; 0 where there is none.',
    ['account'],
  );
  const waiting = gauge(
    'qunfa_oldest_waiting_age_seconds',
    'Since the send that waits for longest could have left: WeChat is away, or the gateway is held; 0 where there is none.',
    ['account'],
  );
  const quota = gauge(
    'qunfa_quota_remaining',
    'What is left of a quota, counted in sends, calls or previews.',
    ['account', 'kind', 'span'],
  );
  const token = gauge(
    'qunfa_access_token_age_seconds',
    'Since WeChat made the stored access token, which lives for two hours; no series where there is none.',
    ['account'],
  );
  const head = gauge('qunfa_event_log_head', 'The id of the last event: it grows with every change.');
  new Gauge({
    name: 'qunfa_held',
    help: '1 where nothing is sent because the database is a copy of another, else 0.',
    registers,
    collect() {
      this.set(deps.held() ? 1 : 0);
    },
  });
  new Gauge({
    name: 'qunfa_subscribers',
    help: 'Open subscriptions.',
    registers,
    collect() {
      this.set(deps.subscribers());
    },
  });

  async function read() {
    const now = clock.now();
    const [byState, overdue, lastEvent, tokens] = await Promise.all([
      gauges.jobs(),
      gauges.waiting(now),
      gauges.eventHead(),
      gauges.tokens(),
    ]);
    const quotas = [];
    for (const { appId, limits } of accounts) {
      const rules = quotaRules(limits, now);
      quotas.push({ appId, rules, left: await gauges.quotas(appId, rules) });
    }
    return { now, byState, overdue, lastEvent, tokens, quotas };
  }

  function show({
    now,
    byState,
    overdue,
    lastEvent,
    tokens,
    quotas,
  }: Awaited<ReturnType<typeof read>>): void {
    const ageOf = (from: Date) => Math.max(now.getTime() - from.getTime(), 0) / 1000;
    for (const { appId: account } of accounts) {
      unknown.set({ account }, 0);
      waiting.set({ account }, 0);
      for (const state of Object.values(SendStatus)) jobs.set({ account, state }, 0);
    }
    for (const { appId: account, status: state, jobs: count, unknownSince } of byState) {
      if (!isKnown(account)) continue;
      jobs.set({ account, state }, count);
      if (state === SendStatus.UNKNOWN && unknownSince) unknown.set({ account }, ageOf(unknownSince));
    }
    for (const { appId: account, dueSince } of overdue)
      if (isKnown(account) && dueSince) waiting.set({ account }, ageOf(dueSince));
    token.reset();
    for (const { appId: account, expiresAt } of tokens) {
      const left = (expiresAt.getTime() - now.getTime()) / 1000;
      if (isKnown(account)) token.set({ account }, Math.max(TOKEN_LIFE_SECONDS - left, 0));
    }
    for (const { appId: account, rules, left } of quotas) {
      for (const [index, rule] of rules.entries()) {
        quota.set({ account, kind: rule.kind, span: spanOf(rule) }, left[index]?.remaining ?? 0);
      }
    }
    head.set(lastEvent);
  }

  let underWay: Promise<void> | null = null;
  let readAt: number | null = null;

  async function readOnce(): Promise<void> {
    try {
      show(await read());
      readAt = clock.now().getTime();
      up.set((await gauges.canWrite()) ? 1 : 0);
    } catch (error) {
      log.warn({ error }, 'the figures of the database could not be read');
      up.set(0);
    }
  }

  return {
    /** Reads the database where that is not too soon; never longer than it may take. */
    async refresh(): Promise<void> {
      if (readAt !== null && Math.abs(clock.now().getTime() - readAt) < READ_APART_MS) return;
      underWay ??= readOnce().finally(() => {
        underWay = null;
      });
      const { promise: late, resolve } = Promise.withResolvers<'late'>();
      // Not the injected clock: whoever scrapes waits in real time.
      const timer = setTimeout(resolve, READ_WITHIN_MS, 'late');
      const first = await Promise.race([underWay, late]);
      clearTimeout(timer);
      if (first === 'late') up.set(0);
    },
  };
}
