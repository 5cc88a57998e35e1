/** Puts something last into a map that keeps at most so many: the first is what was not asked for the longest. */
export function keepLast<V>(kept: Map<string, V>, key: string, value: V, most: number): void {
  // A map keeps its order.
  kept.delete(key);
  kept.set(key, value);
  if (kept.size <= most) return;
  const [first] = kept.keys();
  if (first !== undefined) kept.delete(first);
}
