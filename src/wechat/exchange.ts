import { FormData, Pool } from 'undici';
import type { UploadFile } from '../campaigns/media.ts';
import { type Answer, dispatch, NeverLeftError, NoAnswerError } from './dispatch.ts';
import { WechatSilentError, WechatUnreachableError } from './errors.ts';
import { parseLossless } from './json.ts';

export interface ExchangeRequest {
  method: 'GET' | 'POST';
  path: string;
  query: Record<string, string>;
  /** JSON, or a file that goes as a form. */
  body?: string | UploadFile;
}

/** One request to WeChat and its answer, as a JSON object. */
export type Exchange = (request: ExchangeRequest) => Promise<Record<string, unknown>>;

/**
 * @param timeoutMs milliseconds for one request with its answer
 * Throws `WechatUnreachableError` where the request cannot have left and `WechatSilentError` where it may have been carried out.
 */
export function createExchange({ baseUrl, timeoutMs }: { baseUrl: string; timeoutMs: number }) {
  const { origin, pathname } = new URL(baseUrl);
  const prefix = pathname.replace(/\/+$/, '');
  // Half of it, so that a connection that is never made is told apart from an answer that never comes.
  const pool = new Pool(origin, { connect: { timeout: timeoutMs / 2 } });

  const exchange: Exchange = async ({ method, path, query, body }) => {
    const { statusCode, text } = await send(path, query, method, body);
    // A gateway in front of WeChat answers 5xx for requests that may have passed it; whatever the body says, it is no verdict.
    if (statusCode >= 500) throw new WechatSilentError(`${path}: HTTP ${statusCode}`);
    const answer = readObject(text, `${path}: HTTP ${statusCode}`);
    if (statusCode >= 400 && answer.errcode === undefined) {
      throw new WechatSilentError(`${path}: HTTP ${statusCode}, an answer without an errcode`);
    }
    return answer;
  };

  async function send(
    path: string,
    query: Record<string, string>,
    method: 'GET' | 'POST',
    body: string | UploadFile | undefined,
  ): Promise<Answer> {
    const search = new URLSearchParams(query).toString();
    try {
      return await dispatch(
        pool,
        {
          path: prefix + (search ? `${path}?${search}` : path),
          method,
          body: typeof body === 'object' ? form(body) : (body ?? null),
          headers: typeof body === 'string' ? JSON_HEADERS : {},
        },
        timeoutMs,
      );
    } catch (error) {
      const hasLeft = !(error instanceof NeverLeftError);
      const cause = hasLeft ? error : error.cause;
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
      // Neither the URL nor undici's message goes into ours: WeChat carries the token in the query.
      const what = cause instanceof NoAnswerError ? `no answer in ${timeoutMs} ms` : code;
      const Kind = hasLeft ? WechatSilentError : WechatUnreachableError;
      throw new Kind(`${path}: ${what || 'the connection broke'}`);
    }
  }

  return { exchange, close: () => pool.destroy() };
}

const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' };

/** The field is called `media` and needs a file name; WeChat wants the length, so the file goes as a whole. */
function form({ name, contentType, bytes }: UploadFile): FormData {
  const data = new FormData();
  data.set('media', new Blob([bytes], { type: contentType }), name);
  return data;
}

function readObject(text: string, where: string): Record<string, unknown> {
  let answer: unknown;
  try {
    answer = parseLossless(text);
  } catch {
    throw new WechatSilentError(`${where}, an answer that is no JSON`);
  }
  if (answer === null || typeof answer !== 'object' || Array.isArray(answer)) {
    throw new WechatSilentError(`${where}, an answer that is no JSON object`);
  }
  return answer as Record<string, unknown>;
}
