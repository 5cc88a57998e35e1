import type { Account } from './account.ts';
import type { SandboxRequest } from './request.ts';

/** Carries a call out and gives the fields of its answer. Throws `Refusal` for an errcode. */
export type Handler = (request: SandboxRequest, account: Account) => object | Promise<object>;

export type Endpoint =
  | {
      method: 'GET' | 'POST';
      handle: Handler;
      /** Names what only one call at a time may be about; another one is answered 45066 meanwhile. */
      claim?: (request: SandboxRequest, account: Account) => string;
    }
  /** Without an access token. */
  | { method: 'GET' | 'POST'; open: (request: SandboxRequest, accounts: readonly Account[]) => object };
