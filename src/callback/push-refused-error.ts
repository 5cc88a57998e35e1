import type { PushRefusal } from '../observer.ts';

export type RefusalStatus = 400 | 401 | 403 | 404 | 405 | 413;

/**
 * A push that is not taken. The message goes to the log and into the answer: it never holds a token, a key, a
 * signature or any part of the payload. It has no `cause` for the same reason: parsers quote what they could not read.
 */
export class PushRefusedError extends Error {
  override readonly name = 'PushRefusedError' as const;
  /** The HTTP status of the answer. */
  readonly status: RefusalStatus;
  readonly reason: PushRefusal;

  constructor(status: RefusalStatus, reason: PushRefusal, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}
