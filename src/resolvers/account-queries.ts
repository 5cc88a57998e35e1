import { Account } from '../schema/account.ts';
import { builder } from '../schema/builder.ts';
import { accountOrBadInput } from './account-argument.ts';

builder.queryFields((t) => ({
  accounts: t.field({
    type: [Account],
    description: 'Every account this gateway sends for.',
    resolve: (_, __, { accounts }) => [...accounts],
  }),
  account: t.field({
    type: Account,
    nullable: true,
    description: 'One account. Null where no account of that app id is configured.',
    args: { appId: t.arg.id({ description: 'Left out: the only one. With several it is required.' }) },
    resolve: (_, { appId }, ctx) =>
      appId == null
        ? accountOrBadInput(ctx, appId)
        : (ctx.accounts.find((account) => account.appId === appId) ?? null),
  }),
}));
