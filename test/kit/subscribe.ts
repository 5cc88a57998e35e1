import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { bearer } from './bearer.ts';

export type Transport = 'SSE' | 'WebSocket';

/** The results of a subscription, one at a time. */
export interface Results<T> extends AsyncDisposable {
  /** The next result's data. Rejects for errors, and where the stream has ended. */
  next(): Promise<T>;
  /** Reads on until one fits, and gives it. */
  until(fits: (data: T) => boolean): Promise<T>;
  close(): Promise<void>;
}

/** Subscribes the way a browser would. Resolves once the server has begun to answer. */
export async function subscribe<T>(
  transport: Transport,
  url: string,
  query: string,
  variables: Record<string, unknown> = {},
  secret: string | null = null,
): Promise<Results<T>> {
  const over = transport === 'SSE' ? overSse : overWebSocket;
  const iterator = await over(url, query, variables, secret === null ? {} : bearer(secret));
  const next = async (): Promise<T> => {
    const { value, done } = await iterator.next();
    if (done) throw new Error('the subscription has ended');
    if (value.errors) throw new Error(JSON.stringify(value.errors));
    return value.data as T;
  };
  const close = async () => void (await iterator.return?.(undefined));
  return {
    next,
    close,
    [Symbol.asyncDispose]: close,
    async until(fits) {
      for (;;) {
        const data = await next();
        if (fits(data)) return data;
      }
    },
  };
}

interface Result {
  data?: unknown;
  errors?: unknown;
}

async function overSse(
  url: string,
  query: string,
  variables: object,
  authorization: object,
): Promise<AsyncIterator<Result>> {
  const stop = new AbortController();
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...authorization },
    body: JSON.stringify({ query, variables }),
    signal: stop.signal,
  });
  if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}: ${await response.text()}`);
  // Begun at once: what nobody has begun to read is cancelled when the response is collected as garbage.
  const text = response.body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>);
  const messages = readEvents(text);
  return {
    next: () => messages.next(),
    async return() {
      stop.abort();
      return { value: undefined, done: true };
    },
  };
}

async function* readEvents(chunks: ReadableStream<string>): AsyncGenerator<Result> {
  let text = '';
  for await (const chunk of chunks) {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      if (/^event: complete/m.test(block)) return;
      // Lines that begin with a colon only keep the connection alive.
      const data = /^data: (.+)$/m.exec(block)?.[1];
      if (data) yield JSON.parse(data);
    }
  }
}

function overWebSocket(
  url: string,
  query: string,
  variables: Record<string, unknown>,
  authorization: Record<string, unknown>,
): AsyncIterator<Result> {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: authorization,
  });
  const results = client.iterate({ query, variables });
  return {
    next: () => results.next() as Promise<IteratorResult<Result>>,
    async return() {
      await results.return?.();
      await client.dispose();
      return { value: undefined, done: true };
    },
  };
}
