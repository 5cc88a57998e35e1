export interface Ids {
  /** A send by `sendall`. */
  filterSend(): string;
  /** A send by `send`: beyond 2^31, as the real ones are. */
  openIdSend(): string;
  /** `msg_data_id` */
  data(): string;
  preview(): string;
}

const FIRST = { filterSend: 1_000_000_001, openIdSend: 3_147_483_648, data: 2_455_891_298, preview: 34_182 };

const countFrom = (first: number) => {
  let next = first;
  return () => String(next++);
};

/** Ids from where the real ones are seen, moved on by `offset`. */
export const createIds = (offset: number): Ids => ({
  filterSend: countFrom(FIRST.filterSend + offset),
  openIdSend: countFrom(FIRST.openIdSend + offset),
  data: countFrom(FIRST.data + offset),
  preview: countFrom(FIRST.preview + offset),
});
