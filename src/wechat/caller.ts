import type { UploadFile } from '../campaigns/media.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { type EndpointName, endpoints } from './endpoints.ts';
import { ErrcodeClass, errcodeMeaning } from './errcodes.ts';
import { BUSY, WechatError, WechatSilentError, WechatUnreachableError } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { redact } from './redact.ts';
import type { Credentials, Tokens } from './tokens.ts';

/** How a call ended: kept for every call. */
export interface CallRecord {
  appId: string;
  endpoint: EndpointName;
  /** The send job that the call was made for. */
  jobId: string | null;
  at: Date;
  durationMs: number;
  /** 0 for a success, WeChat's code for a refusal, null where no answer came that could be read. */
  errcode: number | null;
  /** WeChat's wording, or what broke; null for a success. */
  message: string | null;
}

export interface Call {
  endpoint: EndpointName;
  query?: Record<string, string>;
  body?: string | UploadFile;
  jobId?: string;
  /** The request does not leave from this moment on, however long its token took. */
  notAfter?: Date;
}

/** Makes one call for an account and gives the answer's fields. Throws `WechatError` for an errcode other than 0. */
export type Caller = (call: Call) => Promise<Record<string, unknown>>;

export function createCaller(deps: {
  credentials: Credentials;
  exchange: Exchange;
  tokens: Tokens;
  clock: Clock;
  log: Log;
  keep: (record: CallRecord) => Promise<void>;
}): Caller {
  const { credentials, exchange, tokens, clock, log, keep } = deps;

  async function withToken(call: Call): Promise<Record<string, unknown>> {
    const token = await orUnreachable(tokens.current(credentials));
    try {
      return await once(call, token);
    } catch (error) {
      if (!(error instanceof WechatError) || errcodeMeaning(error.errcode).kind !== ErrcodeClass.TOKEN)
        throw error;
      return once(call, await orUnreachable(tokens.replace(credentials, token)));
    }
  }

  /** Without a token nothing leaves, so whatever went wrong on the way to one, the database included, is no doubt about the call. */
  async function orUnreachable(token: Promise<string>): Promise<string> {
    try {
      return await token;
    } catch (error) {
      if (error instanceof WechatUnreachableError) throw error;
      if (error instanceof WechatError && error.errcode !== BUSY) throw error;
      const isWechats = error instanceof WechatError || error instanceof WechatSilentError;
      if (isWechats) throw new WechatUnreachableError(`no access token: ${error.message}`);
      log.error({ error, appId: credentials.appId }, 'an access token could not be had');
      throw new WechatUnreachableError('no access token');
    }
  }

  async function once(
    { endpoint, query, body, notAfter }: Call,
    token: string,
  ): Promise<Record<string, unknown>> {
    const { method, path } = endpoints[endpoint];
    if (notAfter && clock.now() >= notAfter)
      throw new WechatUnreachableError(`${path}: too late for this call`);
    const answer = await exchange({ method, path, query: { access_token: token, ...query }, body });
    const errcode = Number(answer.errcode ?? 0);
    if (errcode === 0) return answer;
    const errmsg = redact(String(answer.errmsg ?? ''), [token, credentials.appSecret]);
    if (errcodeMeaning(errcode).kind === ErrcodeClass.ACCEPTED) return answer;
    // What is no errcode is no verdict either.
    throw new WechatError(Number.isInteger(errcode) && Math.abs(errcode) < 2 ** 31 ? errcode : -1, errmsg);
  }

  return async (call) => {
    const at = clock.now();
    const record = (errcode: number | null, message: string | null) => {
      const durationMs = clock.now().getTime() - at.getTime();
      const { endpoint, jobId = null } = call;
      // What becomes of a send is told by whoever sends it.
      const level = errcode === 0 || jobId !== null ? 'debug' : 'warn';
      log[level](
        { appId: credentials.appId, endpoint, jobId, errcode, durationMs },
        message ?? 'WeChat answered',
      );
      return keep({ appId: credentials.appId, endpoint, jobId, at, durationMs, errcode, message }).catch(
        (error) =>
          // The call itself is over and its outcome is stored by whoever made it; a gap in the record must not undo that.
          log.error({ error, endpoint, jobId }, 'a call could not be recorded'),
      );
    };
    // The outcome of a job is stored next, by whoever sends it: in the same commit or in one after this.
    const recorded = (kept: Promise<void>) => (call.jobId === undefined ? kept : undefined);
    try {
      const answer = await withToken(call);
      await recorded(record(0, null));
      return answer;
    } catch (error) {
      if (error instanceof WechatError) await recorded(record(error.errcode, error.errmsg));
      else if (error instanceof WechatSilentError || error instanceof WechatUnreachableError) {
        await recorded(record(null, error.message));
      }
      throw error;
    }
  };
}
