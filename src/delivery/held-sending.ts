/** Whether sends are held back, because the database is a copy of another, and the way out of it. */
export function createHeldSending(deps: {
  heldSince: Date | null;
  /** Writes that the copy is the one that counts. */
  release: () => Promise<void>;
  resume: () => void;
}) {
  let { heldSince } = deps;
  return {
    heldSince: () => heldSince,
    async resume(): Promise<void> {
      await deps.release();
      heldSince = null;
      deps.resume();
    },
  };
}
