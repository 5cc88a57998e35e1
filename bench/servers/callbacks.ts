// Verifies, reads and answers pushes by the gateway's own code, and stores them in another way, or not at all.
import { createServer, type Server } from 'node:http';
import Sqlite from 'better-sqlite3';
import { createCallbackHandler } from '../../src/callback/handler.ts';
import { PushReceipt, type ReceivedPush } from '../../src/callback/received-push.ts';
import { createCensor } from '../../src/censor.ts';
import { systemClock } from '../../src/clock.ts';
import { createLogger } from '../../src/logger.ts';
import { ACCOUNT } from '../kit/gateway.ts';
import { bodyOf, serve } from '../kit/serve.ts';

const [, , path] = process.argv;

/** A server of pushes that are kept by `receive`. */
export function createCallbackServer(receive: (push: ReceivedPush) => Promise<void>): Server {
  const handle = createCallbackHandler({
    accounts: (appId) =>
      appId === ACCOUNT.appId
        ? { ...ACCOUNT, encodingAesKeyPrevious: null, callbackForwardUrl: null }
        : undefined,
    inbox: {
      async receive(push) {
        await receive(push);
        return PushReceipt.STORED;
      },
    },
    forward: () => Promise.reject(new Error('nothing is passed on')),
    maxAgeMs: 24 * 3_600_000,
    clock: systemClock,
    log: createLogger('info', false, createCensor([])),
  });
  return createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    const text = await bodyOf(request);
    const { status, body } = await handle({
      method: request.method ?? '',
      appId: pathname.split('/').at(-1) ?? '',
      query: searchParams,
      body: text,
      wire: {
        query: searchParams.toString(),
        body: Buffer.from(text),
        contentType: request.headers['content-type'] ?? null,
      },
    });
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(body);
  });
}

/** The rows that the gateway writes for a push that belongs to no send of its own, each in a transaction of its own. */
export function storeEach(file: Sqlite.Database): (push: ReceivedPush) => Promise<void> {
  file.pragma('journal_mode = WAL');
  file.pragma('synchronous = FULL');
  const insertPush = file.prepare(
    'insert into pushes (app_id, received_at, digest, msg_type, event, msg_id, raw, result, untold) values (?, ?, ?, ?, ?, ?, ?, ?, 1) on conflict do nothing',
  );
  const findJob = file.prepare('select id, campaign_id from jobs where app_id = ? and msg_id = ?');
  const insertEvent = file.prepare(
    "insert into events (at, type, app_id, msg_id, raw_status, counts, copyright_check) values (?, 'MassSendJobFinished', ?, ?, ?, ?, ?)",
  );
  const told = file.prepare('update pushes set untold = 0 where id = ?');
  const store = file.transaction(
    ({ appId, receivedAt, digest, msgType, event, raw, result }: ReceivedPush) => {
      const at = receivedAt.toISOString().replace('T', ' ').slice(0, 23);
      const msgId = result?.msgId ?? null;
      const written = JSON.stringify(result);
      const { changes, lastInsertRowid } = insertPush.run(
        appId,
        at,
        digest,
        msgType,
        event,
        msgId,
        raw,
        written,
      );
      if (changes === 0 || !result) return;
      if (findJob.get(appId, msgId)) throw new Error('these pushes belong to no send');
      const { rawStatus, counts, copyrightCheck } = result;
      insertEvent.run(at, appId, msgId, rawStatus, JSON.stringify(counts), JSON.stringify(copyrightCheck));
      told.run(lastInsertRowid);
    },
  );
  return async (push) => void store.immediate(push);
}

if (import.meta.main) await serve(createCallbackServer(path ? storeEach(new Sqlite(path)) : async () => {}));
