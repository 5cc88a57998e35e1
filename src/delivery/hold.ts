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
  let { heldSince } = deps;

  async function resume(): Promise<void> {
    await release();
    heldSince = null;
    delivery.resume();
  }

  if (heldSince && deps.resume) {
    await deps.resume();
    await resume();
    log.info({}, 'this copy of a database sends again, as it was told to');
  }
  if (heldSince) {
    log.warn(
      { heldSince },
      'this database is a copy of another: nothing is sent until somebody says so, by `npm start -- --resume` or the mutation resumeSending',
    );
  }
  return { heldSince: () => heldSince, resume };
}
