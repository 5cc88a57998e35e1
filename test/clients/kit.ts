import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { bearer } from '../kit/bearer.ts';
import type { TestEvent } from '../kit/event-reading.ts';
import { API_KEYS, SECRETS } from '../kit/keys.ts';
import type { World } from '../kit/world.ts';

/** What a client shows of itself: as headers over HTTP, as `connectionParams` over WebSocket. */
export const credentials: Record<string, string> = bearer(SECRETS.sender);

/** As in production, with keys. A call to WeChat that takes long on a busy machine is waited for. */
export const patient = { env: { WECHAT_TIMEOUT_MS: '20000', API_KEYS }, secret: SECRETS.admin };

/** The way from a client to the gateway: one address across restarts, and it can be cut. */
export interface Line extends AsyncDisposable {
  graphql: string;
  webSocket: string;
  /** Who comes meanwhile waits until the work is done. What is open is left alone. */
  holdWhile(work: () => Promise<unknown>): Promise<void>;
  /** The same, and whatever is open breaks off first. */
  cutWhile(work: () => Promise<unknown>): Promise<void>;
}

export async function createLine(world: World): Promise<Line> {
  const open = new Set<Socket>();
  let passable: Promise<unknown> = Promise.resolve();

  function join(near: Socket, far: Socket): void {
    open.add(near);
    near.once('close', () => {
      open.delete(near);
      far.destroy();
    });
    far.once('close', () => near.destroy());
    for (const socket of [near, far]) socket.on('error', () => socket.destroy());
    near.pipe(far).pipe(near);
  }
  const server = createServer(async (near) => {
    near.on('error', () => near.destroy());
    await passable;
    join(near, connect(Number(new URL(world.url).port), '127.0.0.1'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;

  const cut = () => {
    for (const near of open) near.destroy();
  };
  async function holdWhile(work: () => Promise<unknown>): Promise<void> {
    const done = Promise.withResolvers<void>();
    passable = done.promise;
    try {
      await work();
    } finally {
      done.resolve();
    }
  }

  return {
    graphql: `http://${address}`,
    webSocket: `ws://${address}`,
    holdWhile,
    async cutWhile(work) {
      await holdWhile(async () => {
        cut();
        await work();
      });
    },
    async [Symbol.asyncDispose]() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Request {
  query: string;
  variables?: Record<string, unknown> | null;
}

interface Sink {
  next(result: { data?: unknown }): void;
  error(error: unknown): void;
  complete(): void;
}

interface Subscriber {
  subscribe(request: Request, sink: any): () => void;
}

/**
 * graphql-ws and graphql-sse repeat the request themselves once the line is back, and write it down anew for it. So a cursor in the
 * request that moves on with the events is all that it takes to be told each once.
 */
export function subscribeOn<R extends Request>(client: Subscriber, request: R, sink: Sink): () => void {
  const variables: Record<string, unknown> = { ...request.variables };
  const next = (result: { data?: unknown }) => {
    const { id } = (result.data as { events?: { id: string } } | null)?.events ?? {};
    if (id !== undefined) variables.after = id;
    sink.next(result);
  };
  return client.subscribe({ ...request, variables }, { ...sink, next });
}

/** As many tries as by default, without their pauses, which would be real time. */
export const webSocketClient = (line: Line) =>
  createClient({
    url: line.webSocket,
    webSocketImpl: WebSocket,
    connectionParams: credentials,
    retryWait: async () => {},
  });

/** Keeps what comes, and what it ended with. */
export interface Heard extends Sink {
  events: TestEvent[];
  end: Promise<unknown>;
}

export function listen(): Heard {
  const events: TestEvent[] = [];
  const { promise: end, resolve } = Promise.withResolvers<unknown>();
  return {
    events,
    end,
    next: ({ data }) => void events.push((data as { events: TestEvent }).events),
    error: resolve,
    complete: () => resolve('complete'),
  };
}

/** By what events are told apart: their campaigns are told as they are by now. */
export const idsOf = (events: readonly { id: string }[]): string[] => events.map(({ id }) => id);
