import { escapeControls, storableText } from '../wechat/json.ts';
import { emptyRecord, isRecord, MOST_LEVELS, type PushRecord, type PushValue } from './push-record.ts';
import { UnreadablePushError } from './unreadable-push-error.ts';

/** @throws UnreadablePushError */
export const readJson = (text: string): PushRecord => {
  const record = toPushValue(parse(text), 1);
  if (!isRecord(record)) throw new UnreadablePushError('the push has no fields');
  return record;
};

const parse = (text: string): unknown => {
  // What people write may hold control characters, which WeChat passes on as they are.
  for (const candidate of [text, escapeControls(text)]) {
    try {
      return JSON.parse(candidate, keepDigits);
    } catch {}
  }
  throw new UnreadablePushError('the push is not well-formed JSON');
};

// Without the third parameter an id above 2^53 is rounded before we see it.
const keepDigits = (_key: string, value: unknown, context: { source?: string }): unknown =>
  typeof value === 'number' ? context.source : value;

const toPushValue = (value: unknown, level: number): PushValue | undefined => {
  if (level > MOST_LEVELS) throw new UnreadablePushError('the push is nested too deeply');
  if (value === null || value === undefined) return undefined;
  if (typeof value !== 'object') return storableText(String(value));
  if (Array.isArray(value)) {
    return value.map((item) => toPushValue(item, level + 1)).filter((item) => item !== undefined);
  }
  const record = emptyRecord();
  for (const [field, item] of Object.entries(value)) {
    const read = toPushValue(item, level + 1);
    if (read !== undefined) record[field] = read;
  }
  return record;
};
