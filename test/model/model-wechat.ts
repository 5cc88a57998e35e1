import type { DeliveryResult } from '../../src/campaigns/delivery-result.ts';
import { endpoints } from '../../src/wechat/endpoints.ts';
import { WechatSilentError, WechatUnreachableError } from '../../src/wechat/errors.ts';
import type { Exchange } from '../../src/wechat/exchange.ts';
import type { JumpingClock } from './jumping-clock.ts';
import type { CallOfJob, Ledger } from './ledger.ts';
import type { Fate, ResultFate, Schedule } from './schedule.ts';

/** WeChat knows a clientmsgid for exactly so long. */
const REMEMBERED_MS = 24 * 3_600_000;

/** A message with this text is refused whenever it is asked for. */
export const WRONG_TEXT = 'wrong';

const PLAIN: Fate = { how: 'answered', arrives: 1, works: 0, answers: 1 };

/** Codes after which the send may have been carried out. */
const DOUBTFUL = new Set([0, -1, 45065, 45066]);

type Reply = { errcode: number; errmsg: string; msg_id?: number; msg_data_id?: number };

interface Send {
  clientMsgId: string;
  isWrong: boolean;
}

/** The WeChat of one account: how it accepts, remembers, refuses and forgets, with everything that can go wrong on the way. */
export function createModelWechat(deps: {
  clock: JumpingClock;
  ledger: Ledger;
  schedule: Schedule;
  push: (result: DeliveryResult) => void;
  seen: (what: string) => void;
}) {
  const { clock, ledger, schedule, seen } = deps;
  const { timeoutMs } = schedule.timing;
  const share = (percentage: number) => Math.floor((timeoutMs * percentage) / 100);
  const fates = [...schedule.fates];
  const tokenFates = [...schedule.tokenFates];
  const resultFates = [...schedule.resultFates];
  /** By clientmsgid: the send that is known under it, and since when. */
  const known = new Map<string, { msgId: number; since: Date }>();
  const working = new Set<string>();
  const results = new Map<string, boolean>();
  /** Requests and answers that are on the wire. */
  const wire = new Set<{ cut: boolean }>();
  let trouble: number | null = null;
  let quota = schedule.quota ?? Number.POSITIVE_INFINITY;
  let stateFirst = schedule.stateBeforeClientMsgId;
  let lastId = 1_000_000_000;
  let tokens = 0;

  const says = (errcode: number, fields: Partial<Reply> = {}): Reply => {
    seen(`answer ${errcode}`);
    return { errcode, errmsg: errcode === 0 ? 'ok' : `error ${errcode}`, ...fields };
  };

  /** What WeChat has against a send at this moment, or how it knows it already. */
  function objection({ clientMsgId, isWrong }: Send): Reply | null {
    const state = trouble ?? (quota <= 0 ? 45028 : null);
    if (stateFirst && state !== null) return says(state);
    if (working.has(clientMsgId)) return says(45066);
    const earlier = known.get(clientMsgId);
    if (earlier && clock.now().getTime() - earlier.since.getTime() < REMEMBERED_MS) {
      return says(45065, { msg_id: earlier.msgId });
    }
    if (isWrong) return says(45002);
    if (state !== null) return says(state);
    return working.size > 0 ? says(42010) : null;
  }

  function accept(call: CallOfJob, { clientMsgId }: Send, since: Date): number {
    const msgId = ++lastId;
    // It may be known from the moment it arrives, so that is the moment from which it may be forgotten.
    known.set(clientMsgId, { msgId, since });
    ledger.accepted(call, String(msgId));
    const resultFate = resultFates.shift();
    results.set(String(msgId), resultFate?.delivered ?? true);
    if (resultFate) tellResult(String(msgId), resultFate);
    return msgId;
  }

  function tellResult(msgId: string, { delivered, after, lost, twice, corrected }: ResultFate): void {
    const result = (isDelivered: boolean): DeliveryResult => ({
      msgId,
      rawStatus: isDelivered ? 'send success' : 'err(10001)',
      delivered: isDelivered,
      failure: isDelivered
        ? null
        : { code: 10001, reason: 'advertising', rawStatus: 'err(10001)', retryable: false },
      counts: null,
      copyrightCheck: null,
      articleUrls: [],
    });
    const tell = () => {
      deps.push(result(delivered));
      if (twice) deps.push(result(delivered));
      if (corrected) clock.after(5_000, () => deps.push(result(!delivered)));
    };
    if (lost) seen('result lost');
    else if (after === 'early') tell();
    else clock.after(after, tell);
  }

  function takeSend(path: string, body: string, isInCharge: () => boolean): Promise<Reply> {
    const fate = fates.shift() ?? PLAIN;
    const call = ledger.begin(path, body, isInCharge);
    const { clientmsgid, text } = JSON.parse(body);
    const send = { clientMsgId: clientmsgid, isWrong: text.content.startsWith(WRONG_TEXT) };
    const line = { cut: false };
    wire.add(line);
    const overLine = (percentage: number, act: () => void) =>
      void clock.after(share(percentage), () => line.cut || act());

    return new Promise((resolve, reject) => {
      const end = (isRefusal: boolean, tell: () => void) => {
        hangUp();
        line.cut = true;
        wire.delete(line);
        ledger.end(call, isRefusal);
        tell();
      };
      const hangUp = clock.after(timeoutMs, () =>
        end(false, () => reject(new WechatSilentError('no answer in time'))),
      );
      const breakOff = () => end(false, () => reject(new WechatSilentError('the connection broke')));
      const answer = (reply: Reply) =>
        overLine(fate.answers, () => end(!DOUBTFUL.has(reply.errcode), () => resolve(reply)));

      if (fate.how === 'unreachable') {
        return overLine(fate.arrives, () =>
          end(true, () => reject(new WechatUnreachableError('no connection'))),
        );
      }
      overLine(fate.arrives, () => {
        const since = clock.now();
        const isLost = fate.how === 'lost';
        if (isLost && !fate.hangs) breakOff();
        if (isLost && fate.when === 'before') return;
        if (fate.how === 'errcode' && fate.when === 'before') return answer(says(fate.errcode));
        const objected = objection(send);
        if (objected) return isLost || answer(objected);
        quota--;
        working.add(send.clientMsgId);
        // Nothing that happens to the line stops WeChat once it has the request.
        clock.after(share(fate.works), () => {
          working.delete(send.clientMsgId);
          const msgId = accept(call, send, since);
          if (line.cut || isLost) return;
          if (fate.how === 'errcode') answer(says(fate.errcode));
          else if (fate.how === 'nameless') answer(says(0));
          else if (fate.how === 'repeated inside') answer(says(45065, { msg_id: msgId }));
          else answer(says(0, { msg_id: msgId, msg_data_id: msgId + 1_000 }));
        });
      });
    });
  }

  function giveToken(): Promise<Record<string, unknown>> {
    const { takes, fails } = tokenFates.shift() ?? { takes: 0, fails: false };
    return new Promise((resolve, reject) => {
      clock.after(share(takes), () =>
        fails
          ? reject(new WechatSilentError('no token'))
          : resolve({ access_token: `token ${++tokens}`, expires_in: 7200 }),
      );
    });
  }

  /** What it was when it was asked for; a result may overtake the answer. */
  function tellStatus(body: string): Promise<Record<string, unknown>> {
    const { msg_id } = JSON.parse(body);
    const status = { msg_id, msg_status: results.get(String(msg_id)) ? 'SEND_SUCCESS' : 'SEND_FAIL' };
    return new Promise((resolve) => void clock.after(share(50), () => resolve(status)));
  }

  return {
    /** The network as one process sees it. */
    connect:
      (isInCharge: () => boolean): Exchange =>
      async ({ path, body }) => {
        if (path === '/cgi-bin/stable_token') return giveToken();
        if (typeof body !== 'string') throw new Error(`nobody asks for ${path}`);
        return path === endpoints.massStatus.path
          ? tellStatus(body)
          : { ...(await takeSend(path, body, isInCharge)) };
      },

    /** What is on the wire while the machine sleeps is lost with its connection. */
    cutLines(): void {
      for (const line of wire) line.cut = true;
    },

    refuseWith(errcode: number | null): void {
      trouble = errcode;
    },

    refill(): void {
      quota = Number.POSITIVE_INFINITY;
    },

    /** Nothing goes wrong any more. */
    calmDown(): void {
      fates.length = 0;
      tokenFates.length = 0;
      trouble = null;
      stateFirst = false;
      quota = Number.POSITIVE_INFINITY;
    },
  };
}
export type ModelWechat = ReturnType<typeof createModelWechat>;
