import type { ServerResponse } from 'node:http';
import type { Callers } from './callers.ts';
import type { Feed } from './feed.ts';
import type { Member, SharedExecution } from './shared-execution.ts';
import type { Results, Sink } from './sink.ts';
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

/** Answers that go on as long as their subscriptions. Nothing is kept of how they began: there are thousands of them. */
export function createEventStreams(shared: SharedExecution, callers: Callers) {
  const open = new Map<ServerResponse, Member>();
  let timer: NodeJS.Timeout | null = null;

  const sink: Sink<ServerResponse> = {
    send(response, results, more) {
      const bytes = bytesOf(results);
      if (bytes) response.write(bytes);
      if (response.writableNeedDrain) response.once('drain', more);
      else more();
    },
    fail(response, errors) {
      open.delete(response);
      const result = JSON.stringify({ errors: errors.map(withoutHttp) });
      response.end(`event: next\ndata: ${result}\n\n${COMPLETE}`);
    },
    disconnect: (response) => response.destroy(),
  };

  function ping(): void {
    for (const response of open.keys()) if (!response.writableNeedDrain) response.write(PING);
    if (open.size > 0 || !timer) return;
    clearInterval(timer);
    timer = null;
  }

  function leave(this: ServerResponse): void {
    const member = open.get(this);
    open.delete(this);
    if (member) shared.leave(member);
  }

  callers.onReplaced(() => {
    for (const response of open.keys()) if (callers.of(response.req)?.isRevoked()) response.destroy();
  });

  return {
    open(response: ServerResponse, feed: Feed, corsHeaders: object): void {
      response.writeHead(200, { ...HEADERS, ...corsHeaders });
      response.cork();
      // Node keeps the head: sent by itself, as one string and not as the twenty that it was put together from.
      response.flushHeaders();
      // Some browsers hold the head of an answer back until something of its body comes.
      response.write(PING);
      response.uncork();
      timer ??= setInterval(ping, PING_EVERY_MS).unref();
      open.set(response, shared.open(feed, sink, response));
      response.on('close', leave);
    },
  };
}
