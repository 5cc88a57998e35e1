import { mkdtempSync, writeFileSync } from 'node:fs';
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
  env?: Record<string, string>;
  nodeOptions?: readonly string[];
}

/** What every request of GraphQL brings along: the one place for what opens the gateway to the load. */
export const graphqlHeaders: Readonly<Record<string, string>> = {};

/** The real gateway, as `npm start` starts it, with its own settings and checks. */
export function startGateway({ database, wechat, env, nodeOptions }: GatewayToStart): Promise<Gateway> {
  return startServer({
    script: BIN,
    env: {
      DATABASE_URL: `file:${database}`,
      WECHAT_ACCOUNTS_FILE: accountsFileIn(mkdtempSync(`${database}-settings-`)),
      WECHAT_API_BASE_URL: wechat ?? 'http://127.0.0.1:9',
      ...env,
    },
    ...(nodeOptions ? { nodeOptions } : {}),
  });
}

function accountsFileIn(folder: string): string {
  const path = join(folder, 'accounts.json');
  writeFileSync(path, JSON.stringify([ACCOUNT]));
  return path;
}
