import type { PushRecord } from './push-record.ts';
import { readJson } from './read-json.ts';
import { readXml } from './read-xml.ts';

/**
 * Reads a verified push, XML or JSON; the account's settings on WeChat's side decide which one comes. A byte order mark
 * and white space before it are passed over.
 * @throws UnreadablePushError for anything else, PushRefusedError 400 for a DOCTYPE or an entity declaration
 */
export const readPush = (text: string): PushRecord => {
  const trimmed = text.trim();
  return trimmed.startsWith('{') ? readJson(trimmed) : readXml(trimmed);
};
