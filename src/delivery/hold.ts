import type { Log } from '../log.ts';

/** Whether anything is sent: not from a copy of a database, whose original may have sent what it holds, until somebody says so. */
export async function createHold(deps: {
  heldSince: Date | null;
  /** Somebody has said so at the start already; called where there was something to be said. */
  resume: (() => Promise<void>) | null;
  release: () => Promise<void>;
  delivery: { resume(): void };
  log: Log;
}): Promise<{ heldSince(): Date | null; resume(): Promise<void> }> {
  const { release, delivery, log } = deps;
  let heldSince = deps.resume ? null : deps.heldSince;
  if (deps.resume && deps.heldSince) await deps.resume();
  if (deps.resume) await release();
  if (heldSince) {
    log.warn(
      { heldSince },
      'this database is a copy of another: nothing is sent until the gateway is started with --resume',
    );
  }
  return {
    heldSince: () => heldSince,
    async resume() {
      await release();
      heldSince = null;
      delivery.resume();
    },
  };
}
