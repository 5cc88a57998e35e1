import type { AccountProfile } from './campaigns/account.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config/config.ts';
import { createWriteCheck } from './db/can-write.ts';
import type { Database } from './db/database.ts';
import { createEventStore } from './db/event-store.ts';
import { createGaugeStore } from './db/gauge-store.ts';
import { createQuotaStore } from './db/quota-store.ts';
import type { Log } from './log.ts';
import { createMetrics } from './metrics/metrics.ts';
import { both, type Observer } from './observer.ts';

/** Metrics always, traces where somebody collects them: their library is not even loaded otherwise. */
export async function openTelemetry(deps: {
  accounts: readonly AccountProfile[];
  database: Database;
  config: Pick<Config, 'otlpEndpoint'>;
  subscribers: () => number;
  held: () => boolean;
  clock: Clock;
  log: Log;
}) {
  const { clock, log } = deps;
  const { otlpEndpoint } = deps.config;
  const gauges = {
    ...createGaugeStore(deps.database),
    eventHead: createEventStore(deps.database).head,
    quotas: createQuotaStore(deps.database).quotas,
    canWrite: createWriteCheck(deps.database),
  };
  const metrics = createMetrics({ ...deps, gauges });
  const traces = otlpEndpoint
    ? (await import('./traces/traces.ts')).startTraces({ endpoint: otlpEndpoint, clock, log })
    : null;
  const observer: Observer = traces ? both(metrics.observer, traces.observer) : metrics.observer;

  return {
    observer,
    scrape: metrics.scrape,
    async close(): Promise<void> {
      metrics.close();
      await traces?.close();
    },
  };
}
