import { type Clock, sleep } from '../clock.ts';
import type { Log } from '../log.ts';
import { articleUrls } from './article-urls.ts';
import { beijingMonth } from './beijing-time.ts';
import { CLIENT_MSG_ID_WINDOW } from './client-msg-id.ts';
import { finishXml } from './finish-xml.ts';
import type { Ids } from './ids.ts';
import type { Message } from './message.ts';
import type { Moments } from './moments.ts';
import type { DeliveryCounts, Population } from './population.ts';
import type { PushFault } from './push-faults.ts';
import type { Pusher } from './pusher.ts';
import { review } from './review.ts';
import { MsgStatus, type SandboxSend, type SendResult } from './send.ts';

/** What a checked request asks for. */
export type SendOrder = Pick<SandboxSend, 'clientmsgid' | 'endpoint' | 'audience' | 'body'> & {
  message: Message;
  ignoreReprint: boolean;
};

/** The mass sends of one account, from acceptance to the push of their result. */
export interface Sends {
  readonly accepted: readonly SandboxSend[];
  /** Takes the order; the sending goes on in the background. */
  accept(order: SendOrder): Promise<SandboxSend>;
  /** The send of the last 24 hours with this id. */
  byClientMsgId(clientmsgid: string): SandboxSend | undefined;
  byMsgId(msgId: string): SandboxSend | undefined;
}

export interface SendsDeps {
  appId: string;
  clock: Clock;
  log: Log;
  ids: Ids;
  moments: Moments;
  population: Population;
  speed: { recipientsPerMinute(): number };
  pusher: Pusher;
  takePushFault: () => PushFault;
  messagesPerFollowerPerMonth: number | null;
  closing: AbortSignal;
}

const SHORTEST = 1_000;
const NOBODY: DeliveryCounts = { total: 0, eligible: 0, sent: 0, failed: 0 };
const isSuccess = (status: string) => /^send ?success$/.test(status);

export function createSends(deps: SendsDeps): Sends {
  const { appId, clock, log, ids, moments, population, speed, pusher, closing } = deps;
  const accepted: SandboxSend[] = [];

  function record({ clientmsgid, endpoint, audience, body, message }: SendOrder): SandboxSend {
    const { msgtype, mediaId = null, articles } = message;
    return {
      appId,
      msgId: audience.kind === 'openIds' ? ids.openIdSend() : ids.filterSend(),
      msgDataId: articles.length > 0 ? ids.data() : null,
      clientmsgid,
      endpoint,
      audience,
      msgtype,
      mediaId,
      body,
      acceptedAt: clock.now(),
      status: MsgStatus.SENDING,
      deletedArticles: new Set(),
      titles: articles.map(({ title }) => title),
      delivered: 0,
    };
  }

  function decide({ audience, message, ignoreReprint }: SendOrder, forced: string | undefined): SendResult {
    const { errorCode, copyright } = review(message, ignoreReprint);
    const status = forced ?? (errorCode === undefined ? 'send success' : `err(${errorCode})`);
    if (!isSuccess(status)) return { status, counts: NOBODY, copyright, articleUrls: [] };
    const month = beijingMonth(clock.now());
    const counts = population.deliver(audience, deps.messagesPerFollowerPerMonth, month);
    return { status, counts, copyright, articleUrls: articleUrls(message) };
  }

  async function finish(send: SandboxSend, result: SendResult, fault: PushFault): Promise<void> {
    send.status = isSuccess(result.status) ? MsgStatus.SEND_SUCCESS : MsgStatus.SEND_FAIL;
    send.delivered = result.counts.sent;
    if (fault.late !== undefined) await sleep(clock, fault.late, closing);
    if (fault.lost || closing.aborted) return;
    const xml = finishXml(send, result, clock.now());
    await pusher.push(xml);
    if (fault.twice) await pusher.push(xml);
    if (fault.again) await pusher.push(finishXml(send, { ...result, ...fault.again }, clock.now()));
  }

  async function finishInTime(send: SandboxSend, result: SendResult, fault: PushFault): Promise<void> {
    const milliseconds = (result.counts.eligible / speed.recipientsPerMinute()) * 60_000;
    await sleep(clock, Math.max(SHORTEST, milliseconds), closing);
    if (!closing.aborted) await finish(send, result, fault);
  }

  return {
    accepted,
    async accept(order) {
      const send = record(order);
      const fault = deps.takePushFault();
      const result = decide(order, fault.status);
      accepted.push(send);
      log.info({ appId, msgId: send.msgId, msgtype: send.msgtype }, 'the sandbox took a mass send');
      moments.tell('accepted', send);
      if (fault.early) await finish(send, result, fault);
      else
        finishInTime(send, result, fault).catch((error: unknown) =>
          log.error({ appId, msgId: send.msgId, error }, 'a mass send could not be finished'),
        );
      return send;
    },
    byClientMsgId(clientmsgid) {
      const since = clock.now().getTime() - CLIENT_MSG_ID_WINDOW;
      return accepted.find((send) => send.clientmsgid === clientmsgid && send.acceptedAt.getTime() > since);
    },
    byMsgId: (msgId) => accepted.find((send) => send.msgId === msgId),
  };
}
