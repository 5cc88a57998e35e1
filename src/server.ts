import { createAnalyticsSync } from './analytics/sync.ts';
import { noSandboxFor, openSandbox, sandboxAccount } from './built-in-sandbox.ts';
import { createIds } from './campaigns/ids.ts';
import { exhaustedRules } from './campaigns/quota.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config/config.ts';
import { createAnalyticsStore } from './db/analytics-store.ts';
import { createCallStore } from './db/call-store.ts';
import { createCampaignControlStore } from './db/campaign-control-store.ts';
import { createCampaignStore } from './db/campaign-store.ts';
import type { OnQuery } from './db/database.ts';
import { createEventStore } from './db/event-store.ts';
import { hiddenAccounts } from './db/hidden-accounts.ts';
import { createInstanceStore } from './db/instance-store.ts';
import { createIntentStore } from './db/intent-store.ts';
import { createMaterialStore } from './db/material-store.ts';
import { openDatabase } from './db/open.ts';
import { createPushStore } from './db/push-store.ts';
import { createQuotaStore } from './db/quota-store.ts';
import { createRecipientStore } from './db/recipient-store.ts';
import { createStatusStore } from './db/status-store.ts';
import { createSubmissionStore } from './db/submission-store.ts';
import { createTokenStore } from './db/token-store.ts';
import { startDelivery } from './delivery/delivery.ts';
import { createHold } from './delivery/hold.ts';
import { createEventLog } from './events/event-log.ts';
import { openFront } from './front.ts';
import type { LaneWatch } from './http/fast-lane.ts';
import type { Limits } from './http/limits.ts';
import { logWithRequestIds } from './http/request-id.ts';
import { refuseWrongDocuments } from './http/trusted-documents.ts';
import type { Log } from './log.ts';
import { openAccess } from './open-access.ts';
import type { Sandbox } from './sandbox/sandbox.ts';
import { describeAccount } from './schema/account.ts';
import type { Services } from './schema/context.ts';
import { openTelemetry } from './telemetry.ts';
import { openWechat } from './wechat/open.ts';

export interface Gateway extends AsyncDisposable {
  /** `http://host:port` */
  url: string;
  /** The built-in WeChat, where no account is configured. */
  sandbox: Sandbox | null;
  /** How many subscriptions are open. */
  subscribers(): number;
  /** Takes the API keys as they are in their file now. */
  reloadKeys(): Promise<void>;
  /** Finishes what is under way, tells subscribers to go on elsewhere, and lets go of everything. */
  close(): Promise<void>;
}

/** How long a call to WeChat may take once the gateway closes. One that is cut off has an unknown outcome, which is stored and asked for at the next start. */
const CALLS_END_WITHIN_MS = 12_000;

/** Puts the parts together. Resolves once requests are answered. */
export async function startGateway(deps: {
  config: Config;
  clock: Clock;
  log: Log;
  onQuery?: OnQuery;
  /** Told of every access token, so that none is written anywhere. */
  onSecret?: (secret: string) => void;
  /** Called once where another gateway has taken the database over: this one sends nothing any more. */
  onTaken?: () => void;
  /** Lets a gateway send whose database was restored from a backup. */
  resume?: boolean;
  /** What one operation, and one caller, may take. */
  limits?: Limits;
  laneWatch?: LaneWatch;
  /** A place to stand between the parts, by the name of each: the proof makes them fail there. */
  around?: <Part extends object>(name: string, part: Part) => Part;
}): Promise<Gateway> {
  const { config, clock, around = (_, part) => part } = deps;
  refuseWrongDocuments(config.trustedDocuments);
  const log = logWithRequestIds(deps.log);
  const database = await openDatabase(
    config.databaseUrl,
    (error) => log.warn({ error }, 'a database connection broke'),
    deps.onQuery,
  );
  const { callers, audit, resumed, reloadKeys } = openAccess({ database, config, clock, log });
  const instances = createInstanceStore(database);
  const ownership = await instances.takeOver(clock.now(), deps.onTaken ?? (() => {}), log);
  if (ownership.isNew) log.info({}, 'a new database: it knows of no earlier send and of no idempotency key');
  const usesSandbox = config.accounts.length === 0;
  const accounts = usesSandbox ? [sandboxAccount()] : config.accounts;
  const hidden = await hiddenAccounts(database, accounts, log);
  if (usesSandbox && hidden.length > 0) throw await database.close().then(() => noSandboxFor(hidden));
  const progress = instances.noteAlong({ clock, log });
  const sandbox = usesSandbox ? await openSandbox(accounts, clock, log) : null;
  const subscribers = () => events.subscribers();
  const held = () => sending.heldSince() !== null;
  const telemetry = await openTelemetry({ config, accounts, database, subscribers, held, clock, log });
  const { observer, scrape } = telemetry;
  const { wechat, close: closeWechat } = openWechat({
    accounts,
    baseUrl: sandbox?.url ?? config.wechatApiBaseUrl,
    timeoutMs: config.wechatTimeoutMs,
    tokens: around('tokens', createTokenStore(database, config.encryptionKey, log)),
    keep: createCallStore(database).keep,
    observer,
    onSecret: deps.onSecret,
    clock,
    log,
    around: (client) => around('wechat', client),
  });
  const eventStore = createEventStore(database, hidden);
  const events = createEventLog({ store: eventStore, clock, onCommit: database.onCommit, log });
  const campaigns = createCampaignStore(database, hidden);
  const statuses = around('statuses', createStatusStore(database));
  const quotas = createQuotaStore(database);
  const materials = createMaterialStore(database);
  const ids = createIds(() => clock.now());
  const intents = createIntentStore(database);
  await intents.discardStaged();
  const delivery = startDelivery({
    accounts,
    wechat,
    intents: around('intents', intents),
    findMaterials: materials.find,
    submissions: {
      ...around('submissions', createSubmissionStore(database, ownership)),
      sendCallsSince: quotas.sendCallsSince,
    },
    statuses,
    firstJob: async (campaignId) => (await campaigns.jobsOfCampaigns([campaignId]))[0] ?? null,
    settings: {
      timeoutMs: config.wechatTimeoutMs,
      retryPauseMs: config.retryPauseMs,
      statusPollMs: config.statusPollMs,
    },
    onExhausted: ({ appId, limits }, quota, toAll, calledAt) =>
      quotas.recordExhausted(appId, exhaustedRules(limits, calledAt, quota, toAll), calledAt),
    held: ownership.heldSince !== null,
    observer,
    ids,
    clock,
    log,
  });
  const analytics = createAnalyticsStore(database);
  const sync = createAnalyticsSync({ accounts, wechat, store: analytics, clock, log });
  const sending = await createHold({
    heldSince: ownership.heldSince,
    resume: deps.resume ? resumed : null,
    release: () => instances.release(clock.now()),
    delivery,
    log,
  });
  const services: Services = {
    accounts: accounts.map((account) => describeAccount(account, usesSandbox)),
    wechat,
    delivery,
    sending,
    campaigns,
    recipients: createRecipientStore(database),
    control: createCampaignControlStore(database),
    statuses,
    materials,
    quotas,
    analytics: { ...analytics, sync: sync.span },
    audit,
    events,
    ids,
    clock,
  };
  let closed: Promise<void> | null = null;
  const front = await openFront({
    services,
    callers,
    observer,
    inbox: around('pushes', createPushStore(database)),
    onWaiting: delivery.wake,
    scrape,
    isUsable: instances.isUsable,
    isClosing: () => closed !== null,
    limits: deps.limits,
    laneWatch: deps.laneWatch,
    accounts,
    config,
    clock,
    log,
  });
  for (const { appId } of accounts) sandbox?.setCallbackUrl(appId, `${front.url}/wechat/callback/${appId}`);
  sync.start();

  const close = () => (closed ??= letGo());
  async function letGo(): Promise<void> {
    events.close();
    const cutOff = clock.after(CALLS_END_WITHIN_MS, () => void closeWechat());
    await Promise.all([front.close(), delivery.stop(), sync.stop()]);
    cutOff();
    await sandbox?.close();
    await closeWechat();
    await telemetry.close();
    await progress.end();
    await database.close();
  }
  return { url: front.url, sandbox, subscribers, reloadKeys, close, [Symbol.asyncDispose]: close };
}
