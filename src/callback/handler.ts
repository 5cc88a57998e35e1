import { hash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { type Observer, PushKind, PushRefusal } from '../observer.ts';
import { storableText } from '../wechat/json.ts';
import { type CallbackAnswer, type ForwardPush, PushUndeliverableError } from './forward.ts';
import { massSendJobFinish } from './mass-send-job-finish.ts';
import { emptyRecord, type PushRecord, textOf, wholeNumberOf } from './push-record.ts';
import { PushRefusedError } from './push-refused-error.ts';
import { readPush } from './read-push.ts';
import { type PushInbox, PushReceipt, type ReceivedPush } from './received-push.ts';
import { UnreadablePushError } from './unreadable-push-error.ts';
import { type CallbackAccount, type VerifiedPush, verifyHandshake, verifyPush } from './verify-push.ts';

/** The largest body that is taken. */
export const MAX_PUSH_BYTES = 256 * 1024;

/** WeChat waits five seconds for its answer. */
const ANSWER_WITHIN_MS = 4_500;

export interface CallbackRequest {
  method: string;
  /** From the path of the callback URL. */
  appId: string;
  query: URLSearchParams;
  body: string;
  /** The same as it came, byte for byte. */
  wire: { query: string; body: Buffer; contentType: string | null };
  /** For the log. */
  remoteAddress?: string;
}

export interface CallbackHandlerDeps {
  accounts(appId: string): CallbackAccount | undefined;
  inbox: PushInbox;
  forward: ForwardPush;
  /** Milliseconds. A request that WeChat signed longer ago is conspicuous: it is taken, and told of. */
  maxAgeMs: number;
  clock: Clock;
  log: Log;
  observer?: Pick<Observer, 'pushReceived' | 'pushRefused' | 'oldTimestamp'>;
}

/**
 * Answers WeChat's callback URL. WeChat takes `success` as "do not send it again", so that is answered only once the
 * push is stored; an error brings it again. The handler never rejects.
 */
export const createCallbackHandler = (deps: CallbackHandlerDeps) => {
  const { accounts, inbox, forward, maxAgeMs, clock, log, observer } = deps;

  const answer = async (request: CallbackRequest): Promise<CallbackAnswer> => {
    const { method, appId, query, body } = request;
    const account = accounts(appId);
    if (account === undefined) throw new PushRefusedError(404, PushRefusal.ACCOUNT, 'no such account');
    if (method === 'GET') return { status: 200, body: verifyHandshake(account, query) };
    if (method !== 'POST')
      throw new PushRefusedError(405, PushRefusal.METHOD, 'only GET and POST are answered here');
    if (request.wire.body.length > MAX_PUSH_BYTES)
      throw new PushRefusedError(413, PushRefusal.SIZE, 'the push is too large');
    const now = clock.now();
    const verified = verifyPush(account, query, body);
    const record = understand(appId, verified.message);
    const push = toReceivedPush(appId, verified, record, now);
    const receipt = await inbox.receive(push);
    if (receipt === PushReceipt.FORGED) {
      throw new PushRefusedError(403, PushRefusal.REPLAY, 'the signature was used for another push before');
    }
    tell(request, verified, push, receipt, createdAt(record));
    if (account.callbackForwardUrl === null || push.result) return { status: 200, body: 'success' };
    // Repeats too: WeChat asks again because it has no answer yet.
    return passOn(account.callbackForwardUrl, request, now);
  };

  const understand = (appId: string, message: string): PushRecord => {
    try {
      return readPush(message);
    } catch (error) {
      if (!(error instanceof UnreadablePushError)) throw error;
      log.warn({ appId, reason: error.message }, 'a push cannot be read and is kept as it came');
      return emptyRecord();
    }
  };

  const tell = (
    { appId, remoteAddress }: CallbackRequest,
    { signedAt }: VerifiedPush,
    { receivedAt, result }: ReceivedPush,
    receipt: PushReceipt,
    createdAt: number | null,
  ): void => {
    const ageMs = signedAt === null ? 0 : receivedAt.getTime() - signedAt.getTime();
    if (ageMs > maxAgeMs) {
      log.warn({ appId, remoteAddress, ageMs }, 'a push was signed long ago and is taken all the same');
      observer?.oldTimestamp();
    }
    if (result) {
      const { msgId, rawStatus, counts } = result;
      log.info({ appId, msgId, rawStatus, counts }, 'WeChat told the result of a send');
    }
    const kind = result ? PushKind.RESULT : PushKind.OTHER;
    const lag = createdAt === null ? null : Math.max(0, receivedAt.getTime() / 1000 - createdAt);
    observer?.pushReceived(receipt === PushReceipt.KNOWN ? PushKind.REPEAT : kind, lag);
  };

  const passOn = async (
    url: string,
    { appId, wire }: CallbackRequest,
    since: Date,
  ): Promise<CallbackAnswer> => {
    try {
      return await forward(url, wire, ANSWER_WITHIN_MS - (clock.now().getTime() - since.getTime()));
    } catch (error) {
      if (!(error instanceof PushUndeliverableError)) throw error;
      log.warn({ appId, reason: error.message }, 'push stored but not passed on, WeChat will repeat it');
      return { status: 502, body: 'try again' };
    }
  };

  return async (request: CallbackRequest): Promise<CallbackAnswer> => {
    const { appId, remoteAddress } = request;
    try {
      return await answer(request);
    } catch (error) {
      if (error instanceof PushRefusedError) {
        const { status, reason, message } = error;
        log.warn({ appId, remoteAddress, status, reason: message }, 'push refused');
        observer?.pushRefused(reason);
        return { status, body: message };
      }
      log.error({ appId, reason: rootMessage(error) }, 'push not stored, WeChat will repeat it');
      return { status: 500, body: 'try again' };
    }
  };
};

const toReceivedPush = (
  appId: string,
  { message, plainSignature }: VerifiedPush,
  record: PushRecord,
  receivedAt: Date,
): ReceivedPush => ({
  appId,
  receivedAt,
  digest: hash('sha256', message),
  msgType: textOf(record, 'MsgType'),
  event: textOf(record, 'Event'),
  raw: storableText(message),
  result: massSendJobFinish(record),
  plainSignature,
});

/** Unix time in seconds. */
const createdAt = (record: PushRecord): number | null => wholeNumberOf(record, 'CreateTime');

/** A query builder's error quotes the values of its statement, the payload among them; what caused it does not. */
const rootMessage = (error: unknown): string => {
  let root = error;
  while (root instanceof Error && root.cause !== undefined) root = root.cause;
  return root instanceof Error ? root.message : String(root);
};
