import { Scope } from '../access/scope.ts';
import { builder } from '../schema/builder.ts';
import type { Context } from '../schema/context.ts';
import { needs } from '../schema/needs.ts';

const Gateway = builder.objectRef<Pick<Context, 'sending'>>('Gateway').implement({
  description: 'This gateway itself.',
  fields: (t) => ({
    heldSince: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'Since when nothing is sent, because the database was restored from a backup or copied: the original may have sent what it holds. Null where everything goes its way.',
      resolve: ({ sending }) => sending.heldSince(),
    }),
    lastEventId: t.id({
      description:
        'The id of the last event there is, "0" where there is none. Asked before the state is read, it is the place from which `events(after:)` tells whatever the state may lack.',
      resolve: async (_, __, { events }) => String(await events.head()),
    }),
  }),
});

builder.queryField('gateway', (t) =>
  t.field({
    type: Gateway,
    description: 'This gateway itself.',
    resolve: (_, __, { sending }) => ({ sending }),
  }),
);

builder.mutationField('resumeSending', (t) =>
  t.field({
    type: Gateway,
    extensions: needs(Scope.ADMIN),
    description:
      'Lets a held gateway send again, as starting it with --resume does. Do it once the original is gone for good. What may have been sent by it is asked for with the same clientmsgid inside 24 hours, and never sent after.',
    resolve: async (_, __, { sending }) => {
      await sending.resume();
      return { sending };
    },
  }),
);
