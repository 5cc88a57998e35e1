import { InvalidInputError, refuseInvalid } from '../campaigns/errors.ts';
import { type InputIssue, issue } from '../campaigns/input-issue.ts';
import { badUserInput } from '../schema/bad-user-input.ts';
import type { Account, Context } from '../schema/context.ts';

type AppId = string | null | undefined;

/** The account that is meant: the named one, or the only one where none is named. Null where there is no such account. */
export function findAccount({ accounts }: Context, appId: AppId): Account | null {
  const [only, ...others] = accounts;
  if (appId == null && only && others.length === 0) return only;
  return accounts.find((candidate) => candidate.appId === appId) ?? null;
}

export const noAccount = (appId: AppId): InputIssue =>
  issue(
    ['account'],
    appId == null ? 'is required: several accounts are configured' : 'is not an account of this gateway',
  );

/** Throws `InvalidInputError` where there is no such account or the rest of the input has `issues`, with all of them. */
export function accountArgument(ctx: Context, appId: AppId, issues: readonly InputIssue[] = []): Account {
  const account = findAccount(ctx, appId);
  if (!account) throw new InvalidInputError([noAccount(appId), ...issues]);
  refuseInvalid([...issues]);
  return account;
}

/** For fields that have no place for an outcome. */
export function accountOrBadInput(ctx: Context, appId: AppId): Account {
  const account = findAccount(ctx, appId);
  if (!account) throw badUserInput(new InvalidInputError([noAccount(appId)]).message);
  return account;
}
