import { once } from 'node:events';
import { connect } from 'node:net';
import WebSocket from 'ws';
import { closed } from './closed.ts';
import type { Transport } from './subscribe.ts';
import type { World } from './world.ts';

/** Somebody who subscribed and reads nothing of what comes. */
export interface DeafSubscriber extends AsyncDisposable {
  /** Reads, after all, to the end of the connection. Gives how many bytes had been on the way. */
  readToTheEnd(): Promise<number>;
  /** The line is dead at once, and nobody says so. */
  vanish(): void;
}

/** Resolves once the subscription is open. */
export async function subscribeDeaf(
  world: World,
  transport: Transport,
  query: string,
): Promise<DeafSubscriber> {
  const before = world.subscribers();
  const subscriber = transport === 'SSE' ? overSse(world.url, query) : await overWebSocket(world.url, query);
  while (world.subscribers() === before) await new Promise(setImmediate);
  return subscriber;
}

function overSse(url: string, query: string): DeafSubscriber {
  const { hostname, port } = new URL(url);
  // Without a listener for its data, a socket takes one buffer full from the kernel, and then no more.
  const socket = connect(Number(port), hostname);
  const body = JSON.stringify({ query });
  socket.write(
    [
      'POST /graphql HTTP/1.1',
      `Host: ${hostname}:${port}`,
      'Accept: text/event-stream',
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
  // What the gateway cuts off is a reset to whoever still has bytes to read.
  socket.on('error', () => {});
  return {
    async readToTheEnd() {
      socket.resume();
      if (!socket.closed) await closed(socket);
      return socket.bytesRead;
    },
    vanish: () => socket.resetAndDestroy(),
    [Symbol.asyncDispose]: async () => void socket.destroy(),
  };
}

async function overWebSocket(url: string, query: string): Promise<DeafSubscriber> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  socket.on('error', () => {});
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init' }));
  await once(socket, 'message');
  let bytes = 0;
  socket.on('message', (data: Buffer) => {
    bytes += data.length;
  });
  socket.pause();
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
  return {
    async readToTheEnd() {
      socket.resume();
      if (socket.readyState !== WebSocket.CLOSED) await closed(socket);
      return bytes;
    },
    vanish: () => socket.terminate(),
    [Symbol.asyncDispose]: async () => socket.terminate(),
  };
}
