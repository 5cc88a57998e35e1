import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { type Observer, silentObserver } from '../observer.ts';
import { massSendJobFinish } from './mass-send-job-finish.ts';
import { lagOf, reasonOf } from './observe-push.ts';
import { textOf } from './push-record.ts';
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
  observer?: Observer;
  clock: Clock;
  log: Log;
}

/**
 * Answers WeChat's callback URL. WeChat takes `success` as "do not send it again", so that is answered only once the
 * push is stored; a 500 brings it again. The handler never rejects.
 */
export const createCallbackHandler = ({
  accounts,
  inbox,
  observer = silentObserver,
  clock,
  log,
}: CallbackHandlerDeps) => {
  const answer = async ({ method, appId, query, body }: CallbackRequest): Promise<string> => {
    const account = accounts(appId);
    if (account === undefined) throw new PushRefusedError(404, 'no such account');
    if (method === 'GET') return verifyHandshake(account, query);
    if (method !== 'POST') throw new PushRefusedError(405, 'only GET and POST are answered here');
    if (Buffer.byteLength(body) > MAX_PUSH_BYTES) throw new PushRefusedError(413, 'the push is too large');
    const message = verifyPush(account, query, body);
    const observed = observer.push({ appId });
    const { push, lagSeconds } = read(appId, message, clock.now());
    const job = await inbox.receive(push).catch((error) => {
      observed.ended({}, false);
      throw error;
    });
    observed.ended(job ?? {}, true);
    observer.pushReceived(push.result ? 'result' : 'other', lagSeconds);
    if (push.result) {
      const { msgId, rawStatus, counts } = push.result;
      log.info({ appId, ...job, msgId, rawStatus, counts }, 'WeChat told the result of a send');
    }
    return 'success';
  };

  return async (request: CallbackRequest): Promise<CallbackResponse> => {
    const { appId, remoteAddress } = request;
    try {
      return { status: 200, body: await answer(request) };
    } catch (error) {
      if (error instanceof PushRefusedError) {
        const { status, message } = error;
        observer.pushRefused(reasonOf(status));
        log.warn({ appId, remoteAddress, status, reason: message }, 'push refused');
        return { status, body: message };
      }
      observer.pushRefused('storage');
      log.error({ appId, reason: rootMessage(error) }, 'push not stored, WeChat will repeat it');
      return { status: 500, body: 'try again' };
    }
  };
};

const read = (appId: string, message: string, receivedAt: Date) => {
  const record = readPush(message);
  const push: ReceivedPush = {
    appId,
    receivedAt,
    digest: createHash('sha256').update(message).digest('hex'),
    msgType: textOf(record, 'MsgType'),
    event: textOf(record, 'Event'),
    raw: storableText(message),
    result: massSendJobFinish(record),
  };
  return { push, lagSeconds: lagOf(record, receivedAt) };
};

/** A query builder's error quotes the values of its statement, the payload among them; what caused it does not. */
const rootMessage = (error: unknown): string => {
  let root = error;
  while (root instanceof Error && root.cause !== undefined) root = root.cause;
  return root instanceof Error ? root.message : String(root);
};
