// The floor of the row `latency`: the same pushes, the same commits, and bare `ws` that sends every one to all.
import Sqlite from 'better-sqlite3';
import { WebSocketServer } from 'ws';
import { serve } from '../kit/serve.ts';
import { createCallbackServer, storeEach } from './callbacks.ts';

const [, , path = ''] = process.argv;
const store = storeEach(new Sqlite(path));

const server = createCallbackServer(async (push) => {
  await store(push);
  if (!push.result) return;
  const { msgId, rawStatus, counts } = push.result;
  const event = {
    __typename: 'MassSendJobFinished',
    at: push.receivedAt,
    campaign: null,
    msgId,
    rawStatus,
    counts,
  };
  const bytes = Buffer.from(JSON.stringify({ id: '1', type: 'next', payload: { data: { events: event } } }));
  for (const client of sockets.clients) client.send(bytes, { binary: false });
});
const sockets = new WebSocketServer({ server });
await serve(server);
