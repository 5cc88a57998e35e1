import type { Account } from './account.ts';
import { type Fields, readFields } from './json-fields.ts';
import { Refusal, refuseIf } from './refusal.ts';
import type { SandboxRequest } from './request.ts';

/** `token` */
export function plainToken({ query }: SandboxRequest, accounts: readonly Account[]): object {
  return identify(Object.fromEntries(query), accounts).tokens.issue();
}

/** `stable_token` */
export function stableToken({ body }: SandboxRequest, accounts: readonly Account[]): object {
  const fields = readFields(body);
  const { settings, tokens } = identify(fields, accounts);
  refuseIf(settings.stableToken === false, 48001);
  const { force_refresh: force = false } = fields;
  refuseIf(typeof force !== 'boolean', 47001);
  return force ? tokens.refresh() : tokens.stable();
}

function identify({ grant_type, appid, secret }: Fields, accounts: readonly Account[]): Account {
  refuseIf(!appid, 41002);
  refuseIf(!secret, 41004);
  refuseIf(grant_type !== 'client_credential', 40002);
  const account = accounts.find(({ settings }) => settings.appId === appid);
  if (!account) throw new Refusal(40013);
  refuseIf(account.settings.appSecret !== secret, 40125);
  return account;
}
