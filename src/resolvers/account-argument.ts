import { InvalidInputError } from '../campaigns/errors.ts';
import { issue } from '../campaigns/input-issue.ts';
import { badUserInput } from '../schema/bad-user-input.ts';
import type { Account, Context } from '../schema/context.ts';

/** Throws `InvalidInputError` for an account that is not configured, and where none is named and there are several. */
export function accountArgument(
  { accounts }: Context,
  appId: string | null | undefined,
  path = ['account'],
): Account {
  const [only, ...others] = accounts;
  if (appId == null && only && others.length === 0) return only;
  const account = accounts.find((candidate) => candidate.appId === appId);
  if (account) return account;
  const message =
    appId == null ? 'is required: several accounts are configured' : 'is not an account of this gateway';
  throw new InvalidInputError([issue(path, message)]);
}

/** For fields that have no place for an outcome. */
export function accountOrBadInput(ctx: Context, appId: string | null | undefined): Account {
  try {
    return accountArgument(ctx, appId);
  } catch (error) {
    if (error instanceof InvalidInputError) throw badUserInput(error.message);
    throw error;
  }
}
