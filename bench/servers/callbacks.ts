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

const [, , path, commits] = process.argv;

/** A server of pushes that are kept by `receive`. */
export function createCallbackServer(receive: Store): Server {
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

type Store = (push: ReceivedPush) => Promise<void>;

/** Writes the rows that the gateway writes for a push that belongs to no send of its own. */
function rowsWriter(file: Sqlite.Database): (push: ReceivedPush) => void {
  file.pragma('journal_mode = WAL');
  file.pragma('synchronous = FULL');
  const insertPush = file.prepare(
    'insert into pushes (app_id, received_at, digest, msg_type, event, msg_id, raw, result, untold) values (?, ?, ?, ?, ?, ?, ?, ?, 0) on conflict do nothing',
  );
  const findJob = file.prepare('select id, campaign_id from jobs where app_id = ? and msg_id = ?');
  const insertEvent = file.prepare(
    "insert into events (at, type, app_id, msg_id, raw_status, counts, copyright_check) values (?, 'MassSendJobFinished', ?, ?, ?, ?, ?)",
  );
  return ({ appId, receivedAt, digest, msgType, event, raw, result }) => {
    const at = receivedAt.toISOString().replace('T', ' ').slice(0, 23);
    const msgId = result?.msgId ?? null;
    const written = JSON.stringify(result);
    const { changes } = insertPush.run(appId, at, digest, msgType, event, msgId, raw, written);
    if (changes === 0 || !result) return;
    if (findJob.get(appId, msgId)) throw new Error('these pushes belong to no send');
    const { rawStatus, counts, copyrightCheck } = result;
    insertEvent.run(at, appId, msgId, rawStatus, JSON.stringify(counts), JSON.stringify(copyrightCheck));
  };
}

/** Each push in a transaction of its own. */
function storeEach(file: Sqlite.Database): Store {
  const store = file.transaction(rowsWriter(file));
  return async (push) => void store.immediate(push);
}

/** All pushes that arrive in one turn of the event loop in one transaction, by the gateway's statements and nothing else. */
export function storeTogether(
  file: Sqlite.Database,
  afterCommit: (pushes: readonly ReceivedPush[]) => void = () => {},
): Store {
  const write = rowsWriter(file);
  const writeAll = file.transaction((pushes: readonly ReceivedPush[]) => pushes.forEach(write));
  let waiting: { push: ReceivedPush; stored: () => void }[] = [];
  function commit(): void {
    const group = waiting;
    waiting = [];
    const pushes = group.map(({ push }) => push);
    writeAll.immediate(pushes);
    for (const { stored } of group) stored();
    afterCommit(pushes);
  }
  return (push) =>
    new Promise((stored) => {
      if (waiting.push({ push, stored }) === 1) setImmediate(commit);
    });
}

if (import.meta.main) {
  const store = commits === 'together' ? storeTogether : storeEach;
  await serve(createCallbackServer(path ? store(new Sqlite(path)) : async () => {}));
}
