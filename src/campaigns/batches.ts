/** `message/mass/send`, "touser": at least 2, at most 10,000. */
export const BATCH = { min: 2, max: 10_000 };

/**
 * The sizes of the batches that a list of `count` is cut into: as few as can be, each of at most 10,000 and none of fewer than 2.
 * Fewer than two recipients are one batch, which WeChat would refuse.
 */
export function batchSizes(count: number): number[] {
  const sizes: number[] = [];
  for (let left = count; left > 0; left -= sizes.at(-1)!) {
    // One short of full, where otherwise a single recipient would be left for the last.
    sizes.push(left === BATCH.max + 1 ? left - BATCH.min : Math.min(left, BATCH.max));
  }
  return sizes;
}

/** What WeChat sees as clientmsgid of one of several jobs; a single job has the name as it is. */
export const nameOfJob = (clientMsgId: string, index: number, isOnly: boolean): string =>
  isOnly ? clientMsgId : `${clientMsgId}-${index}`;
