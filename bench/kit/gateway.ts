import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Server, startServer } from './processes.ts';

const BIN = join(import.meta.dirname, '../../bin/qunfa.js');

/** The one account of every gateway that is measured, with limits that nothing measured here comes near. */
export const ACCOUNT = {
  appId: 'wxbench',
  appSecret: 'bench',
  name: 'bench',
  type: 'service',
  callbackToken: 'benchtoken',
  encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
  limits: { callsPerMinute: 1_000_000, callsPerDay: 100_000_000 },
} as const;

export type Gateway = Server;

export interface GatewayToStart {
  /** Path of its SQLite file. */
  database: string;
  /** The WeChat it calls; left out where it calls none. */
  wechat?: string;
  /** So many accounts with the documented limits, numbered from 0, in place of the one that has none. */
  accounts?: number;
  env?: Record<string, string>;
  nodeOptions?: readonly string[];
}

/** The settings of a gateway that is measured. */
export const gatewayEnv = ({ database, wechat, accounts, env }: GatewayToStart): Record<string, string> => ({
  DATABASE_URL: `file:${database}`,
  WECHAT_ACCOUNTS_FILE: accountsFile(accounts === undefined ? [ACCOUNT] : ordinaryAccounts(accounts)),
  WECHAT_API_BASE_URL: wechat ?? 'http://127.0.0.1:9',
  ...env,
});

/** The real gateway, as `npm start` starts it, with its own settings and checks. */
export const startGateway = ({ nodeOptions = [], ...options }: GatewayToStart): Promise<Gateway> =>
  startServer({ script: BIN, env: gatewayEnv(options), nodeOptions });

export const ordinaryAppId = (index: number): string => `${ACCOUNT.appId}${index}`;

function ordinaryAccounts(count: number): object[] {
  const { limits: _, ...account } = ACCOUNT;
  return Array.from({ length: count }, (_, index) => ({ ...account, appId: ordinaryAppId(index) }));
}

const accountsFiles = new Set<string>();

function accountsFile(accounts: readonly object[]): string {
  const path = join(
    tmpdir(),
    `qunfa-bench-accounts-${process.pid}-${accounts[0] === ACCOUNT ? 'one' : accounts.length}.json`,
  );
  if (accountsFiles.has(path)) return path;
  accountsFiles.add(path);
  writeFileSync(path, JSON.stringify(accounts));
  process.once('exit', () => rmSync(path, { force: true }));
  return path;
}
