export interface MemoryEvent {
  id: number;
  campaignId: string | null;
}

/** A store of events whose answers come when `settle` lets them, as they do from a database that others use too. */
export function createMemoryStore(settle: () => Promise<unknown> = async () => {}) {
  const events: MemoryEvent[] = [];
  const listeners = new Set<() => void>();
  let reads = 0;

  /** What a statement sees is decided somewhere between its beginning and its answer. */
  async function read<T>(select: () => T): Promise<T> {
    reads++;
    await settle();
    const rows = select();
    await settle();
    return rows;
  }

  return {
    events,
    reads: () => reads,
    head: () => read(() => events.at(-1)?.id ?? 0),
    after: (cursor: number, limit: number, campaignId?: string) =>
      read(() =>
        events
          .filter((event) => event.id > cursor && (!campaignId || event.campaignId === campaignId))
          .slice(0, limit),
      ),
    onCommit(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    /** One transaction. Ids have gaps, as a sequence has after a rollback. */
    commit(...campaignIds: (string | null)[]): void {
      for (const campaignId of campaignIds) events.push({ id: (events.at(-1)?.id ?? 0) + 2, campaignId });
      for (const listener of listeners) listener();
    },
  };
}
