import { createCampaignControlStore } from '../../src/db/campaign-control-store.ts';
import type { Database } from '../../src/db/database.ts';
import { createInstanceStore } from '../../src/db/instance-store.ts';
import { createIntentStore } from '../../src/db/intent-store.ts';
import { createPushStore } from '../../src/db/push-store.ts';
import { createStatusStore } from '../../src/db/status-store.ts';
import { createSubmissionStore } from '../../src/db/submission-store.ts';
import { startPoller } from '../../src/delivery/poller.ts';
import type { SubmissionStore } from '../../src/delivery/submission-store.ts';
import { startSubmitter } from '../../src/delivery/submitter.ts';
import type { Log } from '../../src/log.ts';
import { createCaller } from '../../src/wechat/caller.ts';
import { createWechatClient, type WechatClient } from '../../src/wechat/client.ts';
import type { Exchange } from '../../src/wechat/exchange.ts';
import { createTokens, type TokenStore } from '../../src/wechat/tokens.ts';
import type { Mortal } from './mortal.ts';
import type { Timing } from './schedule.ts';

/** The two parts that the promise hangs on, and where an engine can be broken on purpose. */
export interface Engine {
  store: SubmissionStore;
  submit: WechatClient['submit'];
}
export type Alteration = (engine: Engine, timing: Timing) => Engine;

export interface LifeDeps {
  database: Database;
  appId: string;
  mortal: Mortal;
  /** Its side of the network. */
  exchange: Exchange;
  /** Outlives the process. */
  tokenStore: TokenStore;
  timing: Timing;
  /** Stands between the engine and the real parts, to see what goes through. */
  watch: Alteration;
  alter: Alteration;
  log: Log;
}

/** One process of the gateway, from its start until its death: the parts of `startGateway` that send, on a network that is a model. */
export async function startLife(deps: LifeDeps) {
  const { database, appId, mortal, exchange, timing, log } = deps;
  const { clock } = mortal;
  const owner = await createInstanceStore(database).takeOver(clock.now(), () => {}, log);
  const credentials = { appId, appSecret: 'secret' };
  const tokens = createTokens({ exchange, store: mortal.part(deps.tokenStore), clock });
  // How often the engine may call is not what is tried here; the tables of calls would only cost time.
  const keep = async () => {};
  const sendCallsSince = async () => [];
  const client = createWechatClient(createCaller({ credentials, exchange, tokens, clock, log, keep }));
  const watched = deps.watch(
    { store: { ...createSubmissionStore(database, owner), sendCallsSince }, submit: client.submit },
    timing,
  );
  const { store, submit } = deps.alter({ ...watched, store: mortal.part(watched.store) }, timing);
  const poller = startPoller({
    appId,
    store: mortal.part(createStatusStore(database)),
    massStatus: client.massStatus,
    statusPollMs: timing.statusPollMs,
    clock,
    log,
  });
  const submitter = startSubmitter({
    appId,
    callsPerMinute: 60,
    store,
    submit: (job, request, notAfter) => submit(job.id, request, notAfter),
    settings: timing,
    clock,
    log,
    onExhausted: async () => {},
    onAttempt: () => {},
    onAccepted: poller.wake,
  });
  return {
    intents: mortal.part(createIntentStore(database)),
    inbox: mortal.part(createPushStore(database)),
    control: mortal.part(createCampaignControlStore(database)),
    wake: submitter.wake,
    /** Ends in good order: what is under way is finished first. */
    stop: () => Promise.all([submitter.stop(), poller.stop()]).then(mortal.die),
  };
}
export type Life = Awaited<ReturnType<typeof startLife>>;
