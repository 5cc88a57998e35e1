/** Texts that say what was meant and nothing of what was written, or to whom. All others are told by their length alone. */
const TOLD = new Set([
  ...['account', 'id', 'jobId', 'msgId', 'mediaId', 'thumbMediaId', 'idempotencyKey', 'clientMsgId'],
  ...['type', 'from', 'to', 'scheduledAt', 'sendBefore'],
]);

const LONGEST = 64;

/** The arguments of a mutation as JSON for the audit trail: no content, no OpenIDs, no files. What is not known to be harmless is left out. */
export const shortArguments = (args: object): string => JSON.stringify(shorten('', args));

function shorten(name: string, value: unknown): unknown {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'string')
    return TOLD.has(name) && value.length <= LONGEST ? value : `<${value.length} characters>`;
  if (Array.isArray(value)) return `<${value.length} entries>`;
  if (typeof value !== 'object') return undefined;
  // A file has functions to read it by.
  if ('read' in value && typeof value.read === 'function') return '<file>';
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shorten(key, each)]));
}
