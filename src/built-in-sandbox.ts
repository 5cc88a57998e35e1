import { randomBytes } from 'node:crypto';
import { documentedLimits } from './campaigns/account.ts';
import type { Clock } from './clock.ts';
import type { AccountConfig } from './config/accounts-file.ts';
import { ConfigError } from './config/settings.ts';
import type { Log } from './log.ts';
import { createSandbox, type Sandbox } from './sandbox/sandbox.ts';

/** An account that exists in this process only; its secrets are made up anew at every start. */
export function sandboxAccount(): AccountConfig {
  const secret = () => randomBytes(16).toString('hex');
  return {
    appId: 'wxsandbox',
    appSecret: secret(),
    name: 'Sandbox',
    type: 'SERVICE',
    limits: documentedLimits.SERVICE,
    callbackToken: secret(),
    encodingAesKey: randomBytes(22).toString('hex').slice(0, 43),
    encodingAesKeyPrevious: null,
    callbackForwardUrl: null,
  };
}

/** Opens the WeChat that stands in where no account is configured. */
export function openSandbox(accounts: readonly AccountConfig[], clock: Clock, log: Log): Promise<Sandbox> {
  return createSandbox({
    accounts: accounts.map(({ appId, appSecret, callbackToken, encodingAesKey }) => ({
      appId,
      appSecret,
      type: 'service',
      ...(callbackToken ? { callbackToken } : {}),
      ...(encodingAesKey ? { encodingAesKey } : {}),
    })),
    clock,
    log,
    // The database remembers the ids of earlier sandboxes; this one must not give them out again.
    idOffset: Math.floor(clock.now().getTime() / 1000) % 1_000_000_000,
  });
}

/** A database that has sends of real accounts: it would look as if all was well, and not a follower would be reached. */
export const noSandboxFor = (others: readonly string[]) =>
  new ConfigError(
    `no account is configured, and the database has sends of ${others.join(', ')}: set WECHAT_APP_ID and what belongs to it, or another DATABASE_URL`,
  );
