// Loaded into every process that is measured, so that it can be asked what it has used so far.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Usage } from './processes.ts';

process.on('message', (message) => {
  if (message !== 'usage' && message !== 'settled usage') return;
  if (message === 'settled usage') collectGarbage();
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

/**
 * As V8 does where memory runs short: after an ordinary collection it keeps tens of megabytes, empty, for the garbage to come, the more
 * the faster there was some, and gives them back a while later. Not by a flag of the process: V8 takes no code from a cache that was
 * made under other flags.
 */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  // Code that is not run any more goes only after several.
  for (let times = 0; times < 4; times++)
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
