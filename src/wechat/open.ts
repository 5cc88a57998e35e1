import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Observer } from '../observer.ts';
import { type CallRecord, createCaller } from './caller.ts';
import { createWechatClient, type WechatClient } from './client.ts';
import { createExchange } from './exchange.ts';
import { type Credentials, createTokens, type TokenStore } from './tokens.ts';

/** WeChat, for each of the accounts. */
export function openWechat(deps: {
  accounts: readonly Credentials[];
  baseUrl: string;
  timeoutMs: number;
  tokens: TokenStore;
  keep: (record: CallRecord) => Promise<void>;
  observer?: Pick<Observer, 'call'>;
  /** Told of every access token, so that whoever writes anything can leave it out. */
  onSecret?: ((token: string) => void) | undefined;
  clock: Clock;
  log: Log;
  around?: (client: WechatClient) => WechatClient;
}): { wechat: (appId: string) => WechatClient; close: () => Promise<void> } {
  const { accounts, baseUrl, timeoutMs, clock, log, around = (client) => client } = deps;
  const { exchange, close } = createExchange({ baseUrl, timeoutMs });
  const tokens = createTokens({ exchange, store: deps.tokens, onToken: deps.onSecret, clock });
  const keep = (record: CallRecord): Promise<void> => {
    deps.observer?.call({ ...record, code: record.errcode });
    return deps.keep(record);
  };
  const clientOf = (credentials: Credentials) =>
    around(createWechatClient(createCaller({ credentials, exchange, tokens, clock, log, keep })));
  const clients = new Map(accounts.map((account) => [account.appId, clientOf(account)]));
  return {
    wechat(appId) {
      const client = clients.get(appId);
      if (!client) throw new Error(`account ${appId} is not configured`);
      return client;
    },
    close,
  };
}
