import { hash } from 'node:crypto';

/** So long WeChat remembers one, in milliseconds: until then it knows a repetition, and after it sends again. */
export const CLIENT_MSG_ID_WINDOW_MS = 24 * 3_600_000;

/**
 * What WeChat sees as clientmsgid where the caller names none. It follows from account and key alone, so that a send that is
 * repeated from a restored database is still recognised. 24 characters, which
 * leaves room for the number of a job: more than 32 have been refused in practice (45067).
 */
export const deriveClientMsgId = (appId: string, idempotencyKey: string): string =>
  hash('sha256', `${appId}\0${idempotencyKey}`).slice(0, 24);
