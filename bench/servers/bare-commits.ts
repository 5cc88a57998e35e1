// The floor of the row `latency`: the same pushes, the same commits, and bare `ws` that sends every one to all. What arrives together is
// committed together, and written to each socket together, as otherwise it does not keep up.
import type { Socket } from 'node:net';
import Sqlite from 'better-sqlite3';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ReceivedPush } from '../../src/callback/received-push.ts';
import { serve } from '../kit/serve.ts';
import { createCallbackServer, storeTogether } from './callbacks.ts';

const [, , path = ''] = process.argv;
const clients = new Map<WebSocket, Socket>();

const server = createCallbackServer(
  storeTogether(new Sqlite(path), (pushes) => {
    const messages = pushes.map(messageOf);
    for (const [client, socket] of clients) {
      socket.cork();
      for (const message of messages) client.send(message, { binary: false });
      socket.uncork();
    }
  }),
);

function messageOf({ receivedAt, result }: ReceivedPush): Buffer {
  if (!result) throw new Error('all of these pushes are results');
  const { msgId, rawStatus, counts } = result;
  const events = {
    __typename: 'MassSendJobFinished',
    at: receivedAt,
    campaign: null,
    msgId,
    rawStatus,
    counts,
  };
  return Buffer.from(JSON.stringify({ id: '1', type: 'next', payload: { data: { events } } }));
}

new WebSocketServer({ server }).on('connection', (client, { socket }) => {
  clients.set(client, socket);
  client.once('close', () => clients.delete(client));
});
await serve(server);
