import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { massSendJobFinish } from './mass-send-job-finish.ts';
import { type CallbackObserver, nobodyCounts, PushKind } from './observer.ts';
import { textOf, wholeNumberOf } from './push-record.ts';
import { PushRefusedError } from './push-refused-error.ts';
import { readPush } from './read-push.ts';
import type { PushInbox, ReceivedPush } from './received-push.ts';
import { storableText } from './storable-text.ts';
import { type CallbackAccount, verifyHandshake, verifyPush } from './verify-push.ts';

/** The largest body that is taken. */
export const MAX_PUSH_BYTES = 256 * 1024;

export interface CallbackRequest {
  method: string;
  /** From the path of the callback URL. */
  appId: string;
  query: URLSearchParams;
  body: string;
  /** For the log. */
  remoteAddress?: string;
}

export interface CallbackResponse {
  status: number;
  /** Plain text. */
  body: string;
}

export interface CallbackHandlerDeps {
  accounts(appId: string): CallbackAccount | undefined;
  inbox: PushInbox;
  clock: Clock;
  log: Log;
  observe?: CallbackObserver;
}

/**
 * Answers WeChat's callback URL. WeChat takes `success` as "do not send it again", so that is answered only once the
 * push is stored; a 500 brings it again. The handler never rejects.
 */
export const createCallbackHandler = (deps: CallbackHandlerDeps) => {
  const { accounts, inbox, clock, log, observe = nobodyCounts } = deps;
  const answer = async ({ method, appId, query, body }: CallbackRequest): Promise<string> => {
    const account = accounts(appId);
    if (account === undefined) throw new PushRefusedError(404, 'no such account');
    if (method === 'GET') return verifyHandshake(account, query);
    if (method !== 'POST') throw new PushRefusedError(405, 'only GET and POST are answered here');
    if (Buffer.byteLength(body) > MAX_PUSH_BYTES) throw new PushRefusedError(413, 'the push is too large');
    const { push, lag } = toReceivedPush(appId, verifyPush(account, query, body), clock.now());
    await inbox.receive(push);
    if (push.result) {
      const { msgId, rawStatus, counts } = push.result;
      log.info({ appId, msgId, rawStatus, counts }, 'WeChat told the result of a send');
    }
    observe.pushReceived(push.result ? PushKind.RESULT : PushKind.OTHER, lag);
    return 'success';
  };

  return async (request: CallbackRequest): Promise<CallbackResponse> => {
    const { appId, remoteAddress } = request;
    try {
      return { status: 200, body: await answer(request) };
    } catch (error) {
      if (error instanceof PushRefusedError) {
        const { status, message } = error;
        log.warn({ appId, remoteAddress, status, reason: message }, 'push refused');
        observe.pushRefused(message);
        return { status, body: message };
      }
      log.error({ appId, reason: rootMessage(error) }, 'push not stored, WeChat will repeat it');
      return { status: 500, body: 'try again' };
    }
  };
};

const toReceivedPush = (appId: string, message: string, receivedAt: Date) => {
  const record = readPush(message);
  const createdAt = wholeNumberOf(record, 'CreateTime');
  const push: ReceivedPush = {
    appId,
    receivedAt,
    digest: createHash('sha256').update(message).digest('hex'),
    msgType: textOf(record, 'MsgType'),
    event: textOf(record, 'Event'),
    raw: storableText(message),
    result: massSendJobFinish(record),
  };
  return { push, lag: createdAt === null ? null : Math.max(0, receivedAt.getTime() / 1000 - createdAt) };
};

/** A query builder's error quotes the values of its statement, the payload among them; what caused it does not. */
const rootMessage = (error: unknown): string => {
  let root = error;
  while (root instanceof Error && root.cause !== undefined) root = root.cause;
  return root instanceof Error ? root.message : String(root);
};
