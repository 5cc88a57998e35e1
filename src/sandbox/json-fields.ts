import { Refusal, refuseIf } from './refusal.ts';

export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @throws Refusal 44002 (empty), 47001 (no JSON object) */
export function readFields(body: Buffer): Fields {
  refuseIf(body.length === 0, 44002);
  try {
    const value: unknown = JSON.parse(body.toString());
    if (isFields(value)) return value;
  } catch {
    // Answered below, like any other body that is no JSON object.
  }
  throw new Refusal(47001);
}

/**
 * A string that says something.
 * @throws Refusal 47001 (no string), `missing` (left out or blank)
 */
export function requiredText(value: unknown, missing: number): string {
  const text = optionalText(value);
  if (text === undefined || text.trim() === '') throw new Refusal(missing);
  return text;
}

/** @throws Refusal 47001 */
export function optionalText(value: unknown): string | undefined {
  refuseIf(value !== undefined && typeof value !== 'string', 47001);
  return value as string | undefined;
}

/**
 * The number 0 or 1: WeChat's switches are no booleans.
 * @throws Refusal 47001 (no number), 40035 (another number)
 */
export function optionalSwitch(value: unknown): 0 | 1 {
  if (value === undefined) return 0;
  refuseIf(typeof value !== 'number', 47001);
  if (value !== 0 && value !== 1) throw new Refusal(40035);
  return value;
}

/** An id as a number or as its digits in a string; undefined for anything else. */
export function readId(value: unknown): string | undefined {
  const isNumber = typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
  return isNumber || (typeof value === 'string' && /^\d+$/.test(value)) ? String(value) : undefined;
}
