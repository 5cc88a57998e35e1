/** What was used last. */
export interface Recent<V> {
  get(key: string): V | undefined;
  /** Gives the value back. One that weighs more than all may is not kept. */
  set(key: string, value: V, weight?: number): V;
}

/** @param most what all that is kept may weigh: it makes room for others in the order in which it was used */
export function createRecent<V>(most: number): Recent<V> {
  // A map keeps its order.
  const kept = new Map<string, { value: V; weight: number }>();
  let sum = 0;

  function drop(key: string): void {
    sum -= kept.get(key)?.weight ?? 0;
    kept.delete(key);
  }

  return {
    get(key) {
      const found = kept.get(key);
      if (!found) return undefined;
      kept.delete(key);
      kept.set(key, found);
      return found.value;
    },
    set(key, value, weight = 1) {
      drop(key);
      if (weight > most) return value;
      kept.set(key, { value, weight });
      sum += weight;
      for (const oldest of kept.keys()) {
        if (sum <= most) break;
        drop(oldest);
      }
      return value;
    },
  };
}
