import type { CampaignPosition } from '../db/campaign-bounds.ts';
import { badUserInput, refuseBrokenText } from '../schema/bad-user-input.ts';
import { builder } from '../schema/builder.ts';
import { Campaign } from '../schema/campaign.ts';
import { CampaignConnection, CampaignFilter, decodeCursor } from '../schema/campaign-connection.ts';
import { Node } from '../schema/node.ts';
import { withIt } from '../soon.ts';
import { accountOrBadInput } from './account-argument.ts';

const PAGE = { usual: 20, most: 100 };

interface PageArguments {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
}

function pageOf({ first, after, last, before }: PageArguments) {
  if (first != null && last != null) throw badUserInput('first and last cannot be given together');
  for (const [name, value] of Object.entries({ first, last })) {
    if (value != null && (value < 1 || value > PAGE.most))
      throw badUserInput(`${name} must be 1 to ${PAGE.most}`);
  }
  return {
    size: first ?? last ?? PAGE.usual,
    from: last == null ? ('newest' as const) : ('oldest' as const),
    olderThan: after == null ? null : decodeCursor(after, 'after'),
    newerThan: before == null ? null : decodeCursor(before, 'before'),
  };
}

builder.queryFields((t) => ({
  node: t.field({
    type: Node,
    nullable: true,
    description: 'Any node by its id. Null where there is none.',
    args: { id: t.arg.id({ required: true, description: 'The id of a node.' }) },
    resolve: (_, { id }, { accounts, loaders }) => {
      refuseBrokenText({ id });
      if (id.startsWith('cmp_')) return loaders.campaign.load(id);
      if (id.startsWith('job_')) return loaders.job.load(id);
      return accounts.find((account) => account.id === id) ?? null;
    },
  }),

  campaign: t.field({
    type: Campaign,
    nullable: true,
    description: 'A campaign by its id. Null where there is none.',
    args: { id: t.arg.id({ required: true, description: 'The id of a campaign.' }) },
    resolve: (_, { id }, { loaders }) => {
      refuseBrokenText({ id });
      return loaders.campaign.load(id);
    },
  }),

  campaignByMsgId: t.field({
    type: Campaign,
    nullable: true,
    description: 'The campaign that a msg_id of WeChat belongs to. Null for a send that was not made here.',
    args: {
      msgId: t.arg.id({ required: true, description: "WeChat's id of a send." }),
      account: t.arg.id({ description: 'The app id. May be left out where one account is configured.' }),
    },
    resolve: async (_, { msgId, account }, ctx) => {
      refuseBrokenText({ msgId });
      const job = await ctx.campaigns.jobByMsgId(accountOrBadInput(ctx, account).appId, msgId);
      return job && ctx.loaders.campaign.load(job.campaignId);
    },
  }),

  campaigns: t.field({
    type: CampaignConnection,
    description: 'Campaigns, newest first: 20 at a time, at most 100.',
    complexity: ({ first, last }) => ({
      multiplier: Math.min(Math.max(first ?? last ?? PAGE.usual, 1), PAGE.most),
    }),
    args: {
      first: t.arg.int({ description: 'How many, from the newest on. 1 to 100.' }),
      after: t.arg.string({ description: 'A cursor: only older ones than that.' }),
      last: t.arg.int({ description: 'How many, from the oldest on. 1 to 100.' }),
      before: t.arg.string({ description: 'A cursor: only newer ones than that.' }),
      filter: t.arg({ type: CampaignFilter, description: 'Which. Left out: all.' }),
    },
    resolve: (_, args, { campaigns, loaders, wanted }) => {
      const { size, from, olderThan, newerThan } = pageOf(args);
      refuseBrokenText({ filter: args.filter });
      const { account: appId, ...conditions } = args.filter ?? {};
      const query = { appId, ...conditions };
      // One more than asked for tells whether there is a next page.
      // Whatever matches beyond a cursor lies beyond the page, and between the cursor and the page there is only what was found.
      const beyond = (place: CampaignPosition | null, side: 'newer' | 'older') =>
        place !== null && campaigns.liesBeyond(query, place, side);
      const found = campaigns.page(query, { limit: size + 1, from, olderThan, newerThan }, wanted);
      return withIt(found, (rows) => {
        const page = rows.slice(0, size);
        loaders.campaign.prime(page);
        loaders.jobsOfCampaign.expect(page.map(({ id }) => id));
        const more = rows.length > size;
        return {
          campaigns: from === 'newest' ? page : page.reverse(),
          hasNextPage: () => (from === 'newest' && more) || beyond(newerThan, 'older'),
          hasPreviousPage: () => (from === 'oldest' && more) || beyond(olderThan, 'newer'),
          count: () => campaigns.count(query),
        };
      });
    },
  }),
}));
