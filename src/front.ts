import { createForwarder } from './callback/forward.ts';
import { createCallbackHandler } from './callback/handler.ts';
import { type KnowingInbox, watchInbox } from './callback/watched-inbox.ts';
import type { Clock } from './clock.ts';
import type { AccountConfig } from './config/accounts-file.ts';
import type { Config } from './config/config.ts';
import { createViewReader } from './db/open.ts';
import { createExports } from './export/exports.ts';
import type { Callers } from './http/callers.ts';
import { closingOf } from './http/close-server.ts';
import type { LaneWatch } from './http/fast-lane.ts';
import { createGraphQL } from './http/graphql.ts';
import type { Limits } from './http/limits.ts';
import { listen } from './http/listen.ts';
import { createRoutes } from './http/routes.ts';
import { serveWebSockets } from './http/websocket.ts';
import type { Log } from './log.ts';
import type { Observer } from './observer.ts';
import { createReadiness } from './readiness.ts';
import { createReport } from './report/report.ts';
import type { Services } from './schema/context.ts';

/** Whatever the gateway answers, on one port: GraphQL, WeChat's pushes, exports, the report, and what watches over it. */
export async function openFront(deps: {
  services: Services;
  callers: Callers;
  observer: Observer;
  inbox: KnowingInbox;
  onWaiting: (appId: string) => void;
  scrape: () => Promise<{ contentType: string; body: string }>;
  isUsable: () => Promise<boolean>;
  isClosing: () => boolean;
  limits: Limits | undefined;
  laneWatch: LaneWatch | undefined;
  accounts: readonly AccountConfig[];
  config: Config;
  clock: Clock;
  log: Log;
}): Promise<{ url: string; close: () => Promise<void> }> {
  const { services, callers, observer, accounts, config, clock, log } = deps;
  const { campaigns } = services;
  const graphql = createGraphQL(services, callers, log, observer, config, deps);
  const views = createViewReader(config.databaseUrl);
  const server = createRoutes({
    graphql,
    callers,
    callback: createCallbackHandler({
      accounts: (appId) => accounts.find((account) => account.appId === appId),
      inbox: watchInbox({ inbox: deps.inbox, onWaiting: deps.onWaiting, observer, log }),
      observer,
      forward: createForwarder({ allow: config.callbackForwardAllow, clock }),
      maxAgeMs: config.callbackMaxAgeMs,
      clock,
      log,
    }),
    exports: createExports(views, log, clock),
    report: createReport({ reader: views, accounts: accounts.map(({ appId }) => appId), clock }),
    metrics: deps.scrape,
    isReady: createReadiness({
      isClosing: deps.isClosing,
      isUsable: deps.isUsable,
      read: () => campaigns.count({ appId: '' }),
      clock,
    }),
    log,
  });
  const webSockets = serveWebSockets(server, graphql, callers, log);
  const close = closingOf(server, webSockets, clock);
  return { url: await listen(server, config), close };
}
