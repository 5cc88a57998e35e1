import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** How a server is subscribed to: by GraphQL over WebSocket or SSE, or by no more than opening the connection. */
export type Transport = 'graphql-ws' | 'graphql-sse' | 'ws' | 'sse';

export interface CrowdToOpen {
  url: string;
  transport: Transport;
  count: number;
  /** What each subscribes to; nothing of it is sent to a bare server. */
  document: string;
}

/** Many subscribers, on bare sockets: theirs is not the time that is measured. */
export interface Crowd {
  /** Resolves with the moment at which the last of them has got what holds these bytes: ask before you publish. */
  heard(marker: string): Promise<number>;
  /** What the first of them got with the last marker. */
  sample(): string;
  /** Called with everything that anyone gets. */
  onChunk(listener: ((chunk: Buffer) => void) | null): void;
  close(): Promise<void>;
}

/** The gateway gives an address 1,000 connections, so many subscribers come from several: on Linux all of 127.0.0.0/8 is this machine. */
const OF_AN_ADDRESS = 450;

/** Connections that are made at once. */
const AT_ONCE = 50;

/** No frame of a server is masked, so texts stand in the bytes as they are. */
const PING = Buffer.from([0x89, 0]);

export async function openCrowd(options: CrowdToOpen): Promise<Crowd> {
  const { count } = options;
  let listener: ((chunk: Buffer) => void) | null = null;
  let hear: ((index: number, chunk: Buffer) => void) | null = null;
  let sample = '';

  const sockets: Socket[] = [];
  for (let from = 0; from < count; from += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, index) => from + index);
    await Promise.all(
      some.map(async (index) => {
        const socket = await openSubscriber(options, `127.0.0.${2 + Math.floor(index / OF_AN_ADDRESS)}`);
        sockets[index] = socket;
        socket.on('data', (chunk: Buffer) => {
          if (chunk.includes(PING)) socket.write(maskedFrame(0xa, ''));
          listener?.(chunk);
          hear?.(index, chunk);
        });
      }),
    );
  }

  return {
    heard: (marker) =>
      new Promise((resolve) => {
        const bytes = Buffer.from(marker);
        const pieces: Buffer[] = [];
        const done = new Uint8Array(count);
        let left = count;
        hear = (index, chunk) => {
          if (done[index]) return;
          const earlier = pieces[index];
          const all = earlier ? Buffer.concat([earlier, chunk]) : chunk;
          if (!all.includes(bytes)) {
            pieces[index] = all;
            return;
          }
          done[index] = 1;
          left -= 1;
          if (index === 0) sample = all.toString('utf8');
          if (left > 0) return;
          hear = null;
          resolve(performance.now());
        };
      }),
    sample: () => sample,
    onChunk(next) {
      listener = next;
    },
    async close() {
      await Promise.all(
        sockets.map((socket) => {
          socket.destroy();
          return socket.closed ? undefined : once(socket, 'close');
        }),
      );
    },
  };
}

async function openSubscriber(
  { url, transport, document }: CrowdToOpen,
  localAddress: string,
): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), localAddress, noDelay: true });
  // A server that ends takes its connections with it.
  socket.on('error', () => socket.destroy());
  const answer = async (...says: string[]): Promise<void> => {
    for (let got = ''; !says.some((said) => got.includes(said)); ) {
      const [chunk] = await once(socket, 'data');
      got += chunk.toString('latin1');
      if (/^HTTP\/1.1 [45]/.test(got)) throw new Error(got);
    }
  };
  await once(socket, 'connect');
  const host = `Host: ${hostname}:${port}`;
  const send = (...lines: string[]) => socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  if (transport === 'sse' || transport === 'graphql-sse') {
    const body = JSON.stringify({ query: document });
    const type = [
      'Content-Type: application/json',
      'Accept: text/event-stream',
      `Content-Length: ${Buffer.byteLength(body)}`,
    ];
    send('POST /graphql HTTP/1.1', host, ...type);
    socket.write(body);
    await answer('\r\n\r\n');
    return socket;
  }
  const key = `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`;
  const upgrade = ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13', key];
  const protocol = transport === 'graphql-ws' ? ['Sec-WebSocket-Protocol: graphql-transport-ws'] : [];
  send('GET /graphql HTTP/1.1', host, ...upgrade, ...protocol);
  await answer('\r\n\r\n');
  if (transport === 'ws') return socket;
  socket.write(maskedFrame(0x1, JSON.stringify({ type: 'connection_init' })));
  await answer('connection_ack');
  socket.write(
    maskedFrame(0x1, JSON.stringify({ id: '1', type: 'subscribe', payload: { query: document } })),
  );
  return socket;
}

/** A frame as a client sends it. A mask of zeros is a mask too. */
function maskedFrame(opcode: number, text: string): Buffer {
  const payload = Buffer.from(text);
  const length =
    payload.length < 126
      ? Buffer.from([0x80 | payload.length])
      : Buffer.from([0xfe, payload.length >> 8, payload.length & 255]);
  return Buffer.concat([Buffer.from([0x80 | opcode]), length, Buffer.alloc(4), payload]);
}
