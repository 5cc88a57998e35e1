import { Scope } from '../access/scope.ts';
import { AuditConnection, decodeAuditCursor } from '../schema/audit.ts';
import { badUserInput, refuseBrokenText } from '../schema/bad-user-input.ts';
import { builder } from '../schema/builder.ts';
import { needs } from '../schema/needs.ts';

const PAGE = { usual: 20, most: 100 };

builder.queryField('auditTrail', (t) =>
  t.field({
    type: AuditConnection,
    extensions: needs(Scope.ADMIN),
    description:
      'Who asked for what, when, from where, and what came of it, newest first: every mutation that was allowed or refused, every reload of the keys. A request that is no valid GraphQL asks for nothing and is not here.',
    args: {
      first: t.arg.int({ description: 'How many, from the newest on. 1 to 100; left out: 20.' }),
      after: t.arg.string({ description: 'A cursor: only older ones than that.' }),
      caller: t.arg.string({ description: 'Only those of this caller.' }),
      action: t.arg.string({ description: 'Only those that asked for this.' }),
      target: t.arg.string({ description: 'Only those of this campaign, send or material.' }),
    },
    resolve: async (_, { first, after, ...conditions }, { audit }) => {
      refuseBrokenText(conditions);
      const size = first ?? PAGE.usual;
      if (size < 1 || size > PAGE.most) throw badUserInput(`first must be 1 to ${PAGE.most}`);
      const olderThan = after == null ? null : decodeAuditCursor(after);
      // One more than asked for tells whether there is a next page.
      const found = await audit.page(conditions, { limit: size + 1, olderThan });
      return {
        rows: found.slice(0, size),
        hasNextPage: found.length > size,
        hasPreviousPage: olderThan !== null,
        head: audit.head,
      };
    },
  }),
);
