import { Counter, Histogram, Registry } from 'prom-client';
import type { AccountProfile } from '../campaigns/account.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { type Observer, PushKind, PushRefusal } from '../observer.ts';
import { type EndpointName, endpoints } from '../wechat/endpoints.ts';
import { errcodeMeaning } from '../wechat/errcodes.ts';
import { type GaugeReader, registerGauges } from './gauges.ts';
import { registerProcess } from './process.ts';

/** Seconds. */
const REQUEST_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const LAG_BUCKETS = [1, 2, 5, 10, 30, 60, 300, 900, 3_600, 21_600, 86_400];

export interface Metrics {
  observer: Observer;
  /** In the text format of Prometheus. Resolves also where the database is away, with `qunfa_database_up 0`. */
  scrape(): Promise<{ contentType: string; body: string }>;
  close(): void;
}

/** Everything that is measured, in a registry of its own. Labels are closed sets and the accounts that are configured. */
export function createMetrics(deps: {
  accounts: readonly AccountProfile[];
  gauges: GaugeReader;
  subscribers: () => number;
  /** Nothing is sent, see `delivery/hold.ts`. */
  held: () => boolean;
  clock: Clock;
  log: Log;
}): Metrics {
  const { accounts, clock } = deps;
  const registry = new Registry();
  const registers = [registry];
  const known = new Set(accounts.map(({ appId }) => appId));
  const accountOf = (appId: string) => (known.has(appId) ? appId : 'other');

  const operations = new Histogram({
    name: 'qunfa_graphql_request_duration_seconds',
    help: 'GraphQL operations from being read to being answered; a subscription until it has begun.',
    labelNames: ['transport', 'kind', 'outcome'],
    buckets: REQUEST_BUCKETS,
    registers,
  });
  const calls = new Histogram({
    name: 'qunfa_wechat_call_duration_seconds',
    help: 'Calls to WeChat with the tokens they needed, by what the answer means.',
    labelNames: ['account', 'endpoint', 'outcome'],
    buckets: REQUEST_BUCKETS,
    registers,
  });
  const sends = new Counter({
    name: 'qunfa_sends_taken_in_total',
    help: 'Sends that were stored; replayed ones were stored before under the same key.',
    labelNames: ['account', 'replayed'],
    registers,
  });
  const lag = new Histogram({
    name: 'qunfa_callback_lag_seconds',
    help: 'From the CreateTime of a result event to its arrival.',
    buckets: LAG_BUCKETS,
    registers,
  });
  const pushes = new Counter({
    name: 'qunfa_pushes_received_total',
    help: 'Verified pushes of WeChat that were stored.',
    labelNames: ['kind'],
    registers,
  });
  const refused = new Counter({
    name: 'qunfa_pushes_refused_total',
    help: 'Requests to the callback URL that were not taken.',
    labelNames: ['reason'],
    registers,
  });
  const old = new Counter({
    name: 'qunfa_pushes_old_timestamp_total',
    help: 'Pushes that were taken though their timestamp is old.',
    registers,
  });
  // A series that is not there yet looks to an alert like one that is away.
  for (const kind of Object.values(PushKind)) pushes.inc({ kind }, 0);
  for (const reason of Object.values(PushRefusal)) refused.inc({ reason }, 0);
  const gauges = registerGauges({ ...deps, registers });
  const stopProcess = registerProcess(registers);

  const observer: Observer = {
    operation({ transport }) {
      const began = clock.now().getTime();
      return {
        run: (work) => work(),
        ended: (kind, outcome) =>
          operations.observe({ transport, kind, outcome }, secondsSince(began, clock.now().getTime())),
      };
    },
    takenIn: ({ appId, replayed }) => sends.inc({ account: accountOf(appId), replayed: String(replayed) }),
    attempt: (_, run) => run(),
    call: ({ appId, endpoint, code, durationMs }) =>
      calls.observe(
        { account: accountOf(appId), endpoint: endpointOf(endpoint), outcome: outcomeOf(code) },
        durationMs / 1000,
      ),
    pushReceived(kind, lagSeconds) {
      pushes.inc({ kind });
      if (kind === PushKind.RESULT && lagSeconds !== null) lag.observe(Math.max(lagSeconds, 0));
    },
    pushRefused: (reason) => refused.inc({ reason }),
    oldTimestamp: () => old.inc(),
    push: () => ({ ended() {} }),
  };

  return {
    observer,
    async scrape() {
      await gauges.refresh();
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
    close: stopProcess,
  };
}

/** The wall clock may be set back. */
const secondsSince = (from: number, to: number): number => Math.max(to - from, 0) / 1000;

const endpointOf = (endpoint: string): EndpointName | 'other' =>
  endpoint in endpoints ? (endpoint as EndpointName) : 'other';

const outcomeOf = (code: number | null): string => {
  if (code === null) return 'no_answer';
  return code === 0 ? 'ok' : errcodeMeaning(code).kind.toLowerCase();
};
