import type { ServerResponse } from 'node:http';
import type { Feed } from './feed.ts';
import type { Results, SharedExecution, Sink } from './shared-execution.ts';
import { withoutHttp } from './told-errors.ts';

export const EVENT_STREAM = 'text/event-stream';

const HEADERS = {
  'Content-Type': EVENT_STREAM,
  Connection: 'keep-alive',
  'Cache-Control': 'no-cache',
  'Content-Encoding': 'none',
};

/** A comment: it keeps proxies from taking the connection for a dead one. */
const PING = Buffer.from(':\n\n');

/** Real time, as proxies have it. */
const PING_EVERY_MS = 12_000;

const COMPLETE = 'event: complete\ndata:\n\n';

/** Results as the bytes of events, the same for all. */
function bytesOf({ payloads, framed }: Results): Buffer | undefined {
  const known = framed.get(EVENT_STREAM);
  if (known) return known[0];
  const parts = payloads.flatMap((payload) => [
    Buffer.from('event: next\ndata: '),
    payload,
    Buffer.from('\n\n'),
  ]);
  const bytes = parts.length > 0 ? [Buffer.concat(parts)] : [];
  framed.set(EVENT_STREAM, bytes);
  return bytes[0];
}

/** Answers that go on as long as their subscriptions. */
export function createEventStreams(shared: SharedExecution) {
  const open = new Set<ServerResponse>();
  let timer: NodeJS.Timeout | null = null;

  function ping(): void {
    for (const response of open) if (!response.writableNeedDrain) response.write(PING);
    if (open.size > 0 || !timer) return;
    clearInterval(timer);
    timer = null;
  }

  return {
    /** @param origin the page that asked, where it is told that it may read the answer */
    open(response: ServerResponse, feed: Feed, origin: string | undefined): void {
      response.writeHead(200, {
        ...HEADERS,
        ...(origin
          ? {
              'Access-Control-Allow-Origin': origin,
              Vary: 'Origin',
              'Access-Control-Allow-Methods': 'GET, POST, OPTIONS',
            }
          : {}),
      });
      // Some browsers hold the head of an answer back until something of its body comes.
      response.write(PING);
      timer ??= setInterval(ping, PING_EVERY_MS).unref();
      open.add(response);
      follow(shared, response, feed, () => open.delete(response));
    },
  };
}
export type EventStreams = ReturnType<typeof createEventStreams>;

/** Keeps nothing of how the subscription began: there are thousands of them. */
function follow(shared: SharedExecution, response: ServerResponse, feed: Feed, onEnd: () => void): void {
  const sink: Sink = {
    send(results, more) {
      const bytes = bytesOf(results);
      if (bytes) response.write(bytes);
      if (response.writableNeedDrain) response.once('drain', more);
      else more();
    },
    fail(errors) {
      stop();
      const result = JSON.stringify({ errors: errors.map(withoutHttp) });
      response.end(`event: next\ndata: ${result}\n\n${COMPLETE}`);
    },
  };
  const leave = shared.open(feed, sink);
  function stop(): void {
    leave();
    onEnd();
  }
  response.once('close', stop);
}
