/** A push as a tree whose leaves are all text, as they came: ids above 2^53 keep every digit. */
export interface PushRecord {
  [field: string]: PushValue;
}
/** A field that came more than once is an array. */
export type PushValue = string | PushRecord | PushValue[];

/** The deepest documented push has four levels. */
export const MOST_LEVELS = 16;

/** Without a prototype, so a field called `__proto__` or `constructor` is a field like any other. */
export const emptyRecord = (): PushRecord => Object.create(null) as PushRecord;

export const isRecord = (value: PushValue | undefined): value is PushRecord =>
  typeof value === 'object' && !Array.isArray(value);

/** The text of a field, to the letter; null when it is missing, repeated or holds fields of its own. */
export const textOf = (record: PushRecord, field: string): string | null => {
  const value = record[field];
  return typeof value === 'string' ? value : null;
};

/** GraphQL has no larger ones, and no count of followers comes near it. */
const LARGEST = 2 ** 31 - 1;

/** A whole number from 0 up; null for anything else. */
export const wholeNumberOf = (record: PushRecord, field: string): number | null => {
  const text = textOf(record, field)?.trim() ?? '';
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return number <= LARGEST ? number : null;
};
