import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, type Registry } from 'prom-client';

/** The process under its usual names. By hand: prom-client's own watch the process for good, with no way to stop. */
export function registerProcess(registers: Registry[]): () => void {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  gauge('process_start_time_seconds', 'When the process started, since 1970.', () =>
    Math.round(Date.now() / 1000 - process.uptime()),
  );
  gauge('process_resident_memory_bytes', 'Memory that the process holds.', () => process.memoryUsage.rss());
  gauge(
    'nodejs_heap_used_bytes',
    'Memory of live and not yet collected objects.',
    () => process.memoryUsage().heapUsed,
  );
  gauge(
    'nodejs_eventloop_lag_p99_seconds',
    'How late the event loop came, at its 99th percentile since the last scrape.',
    () => {
      const nanoseconds = delay.percentile(99);
      delay.reset();
      return Number.isFinite(nanoseconds) ? nanoseconds / 1e9 : 0;
    },
  );
  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'Processor time, user and system.',
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
  return () => delay.disable();
}
