/**
 * A push that is no XML and no JSON as WeChat writes them. Where WeChat has signed it, it is kept as it came: to refuse it would
 * only bring it again. The message holds no part of the payload.
 */
export class UnreadablePushError extends Error {
  override readonly name = 'UnreadablePushError' as const;
}
