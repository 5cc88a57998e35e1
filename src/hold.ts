import type { Log } from './log.ts';

/** Keeps a gateway from sending whose database is a copy of another, until somebody says that the original is gone. */
export async function createHold(deps: {
  /** `heldSince` is null where the database is no copy. */
  ownership: { heldSince: Date | null };
  /** Somebody has said so at the start. */
  resumed: boolean;
  /** `release` makes the database forget that it is held. */
  instances: { release: () => Promise<void> };
  log: Log;
}) {
  let heldSince = deps.resumed ? null : deps.ownership.heldSince;
  if (deps.resumed) await deps.instances.release();
  if (heldSince) {
    deps.log.warn(
      { heldSince },
      'this database is a copy of another: nothing is sent until the gateway is started with --resume',
    );
  }
  return {
    heldSince: () => heldSince,
    async end(): Promise<void> {
      await deps.instances.release();
      heldSince = null;
    },
  };
}
