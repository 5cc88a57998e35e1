// Loaded into every process that is measured, so that it can be asked what it has used so far.
import type { Usage } from './processes.ts';

process.on('message', (message) => {
  if (message !== 'usage' && message !== 'settled usage') return;
  if (message === 'settled usage') globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  const usage: Usage = {
    cpuMicros: user + system,
    rssMb: process.memoryUsage.rss() / 2 ** 20,
    peakMb: process.resourceUsage().maxRSS / 1024,
  };
  process.send?.(usage);
});
// A process that has nothing left to do ends, asked or not.
process.channel?.unref();
