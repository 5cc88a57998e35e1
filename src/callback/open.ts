import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Observer } from '../observer.ts';
import { createForwarder } from './forward.ts';
import { createCallbackHandler } from './handler.ts';
import type { PushInbox } from './received-push.ts';
import type { CallbackAccount } from './verify-push.ts';

/** The callback URLs of all accounts. */
export const openCallback = (deps: {
  accounts: readonly CallbackAccount[];
  inbox: PushInbox;
  settings: { maxAgeMs: number; forwardAllow: readonly string[] };
  clock: Clock;
  log: Log;
  observe?: Observer;
}) => {
  const { accounts, settings, clock } = deps;
  return createCallbackHandler({
    ...deps,
    accounts: (appId) => accounts.find((account) => account.appId === appId),
    forward: createForwarder({ allow: settings.forwardAllow, clock }),
    maxAgeMs: settings.maxAgeMs,
  });
};
