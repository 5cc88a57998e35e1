import { type Dispatcher, errors } from 'undici';

/** An answer of HTTP with its whole body, without the byte order mark that some begin with. */
export interface Answer {
  statusCode: number;
  text: string;
}

/** No whole answer came in time. */
export class NoAnswerError extends Error {
  override name = 'NoAnswerError' as const;
}

/** Nothing of the request was written to any connection; the cause is what went wrong. */
export class NeverLeftError extends Error {
  override name = 'NeverLeftError' as const;
}

/** Larger than any answer of this API; what is longer is no answer. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/**
 * One request, by undici's innermost function: its convenient ones make a stream and an abort signal for each, which take longer than
 * the request. One that is out of time before it has left never leaves.
 */
export function dispatch(
  pool: Dispatcher,
  request: Dispatcher.DispatchOptions,
  timeoutMs: number,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let [statusCode, bytes] = [0, 0];
    let controller: Dispatcher.DispatchController | null = null;
    let broken: Error | null = null;
    const fail = (cause: Error) => reject(controller ? cause : new NeverLeftError('never left', { cause }));
    const breakOff = (error: Error) => {
      broken = error;
      fail(error);
      controller?.abort(error);
    };
    const timer = setTimeout(() => breakOff(new NoAnswerError()), timeoutMs);
    pool.dispatch(request, {
      // Called before the first byte is written.
      onRequestStart(started) {
        controller = started;
        if (broken) started.abort(broken);
      },
      onResponseStart(_, status) {
        statusCode = status;
      },
      onResponseData(_, chunk) {
        bytes += chunk.length;
        if (bytes > MAX_ANSWER_BYTES) breakOff(new errors.ResponseExceededMaxSizeError());
        else chunks.push(chunk);
      },
      onResponseEnd() {
        clearTimeout(timer);
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ statusCode, text: text.startsWith('\uFEFF') ? text.slice(1) : text });
      },
      onResponseError(_, error) {
        clearTimeout(timer);
        fail(error);
      },
    });
  });
}
