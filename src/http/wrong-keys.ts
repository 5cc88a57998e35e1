import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';

const MINUTE_MS = 60_000;

/** So many addresses are told apart in a minute; the log shall not be what an attacker fills. */
const MOST_ADDRESSES = 1_000;

/** Tells of requests without a key that counts, each address once a minute. */
export function createWrongKeys({
  clock,
  log,
}: {
  clock: Clock;
  log: Log;
}): (address: string | null) => void {
  const told = new Set<string | null>();
  let minute = 0;
  return (address) => {
    const now = Math.floor(clock.now().getTime() / MINUTE_MS);
    if (now !== minute) told.clear();
    minute = now;
    if (told.has(address) || told.size >= MOST_ADDRESSES) return;
    told.add(address);
    log.warn({ remoteAddress: address }, 'a request without a valid API key was refused');
  };
}
