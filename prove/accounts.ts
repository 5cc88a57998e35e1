import { writeFileSync } from 'node:fs';
import type { SandboxAccount } from '../src/sandbox/account-settings.ts';

/** Quotas are not what is proven here: they must not end it. */
const MANY = 1_000_000;

const account = (number: number, settings: Partial<SandboxAccount>): SandboxAccount => ({
  appId: `wxprove${number}`,
  appSecret: `the secret of account ${number}`,
  type: 'service',
  callbackToken: `token${number}`,
  limits: {
    callsPerMinute: MANY,
    callsPerDay: MANY,
    sendsToAllPerDay: null,
    sendsToAllPerMonth: null,
    previewsPerDay: MANY,
    messagesPerFollowerPerMonth: null,
  },
  ...settings,
});

const encodingAesKey = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';

/** Enough for audiences of several jobs, all of them followers: WeChat wants two in every job. */
export const FOLLOWERS = 30_000;

/** Several, because each has a loop of its own and they send side by side. */
export const accounts: readonly SandboxAccount[] = [
  account(1, { followers: FOLLOWERS }),
  account(2, { encodingAesKey }),
  account(3, { encodingAesKey, pushMode: 'compatible' }),
  account(4, { type: 'subscription', encodingAesKey }),
];

/** The same accounts as the gateway is told of them. */
export function writeAccountsFile(path: string): void {
  const content = accounts.map(({ appId, appSecret, type, callbackToken, encodingAesKey }) => ({
    appId,
    appSecret,
    type,
    callbackToken,
    encodingAesKey,
    limits: {
      callsPerMinute: MANY,
      callsPerDay: MANY,
      sendsToAllPerDay: null,
      sendsToAllPerMonth: null,
      previewsPerDay: MANY,
    },
  }));
  writeFileSync(path, JSON.stringify(content));
}
