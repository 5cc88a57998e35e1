import type { Campaign as CampaignShape } from '../campaigns/campaign.ts';
import type { CampaignPosition } from '../db/campaign-bounds.ts';
import type { Soon } from '../soon.ts';
import { badUserInput } from './bad-user-input.ts';
import { builder } from './builder.ts';
import { Campaign, MessageType } from './campaign.ts';
import { CopyrightState } from './copyright.ts';
import { FAR_LOOK } from './cost.ts';
import { PageInfo } from './page-info.ts';
import { SendStatus } from './send-job.ts';

/** A cursor holds the sort key, so that campaigns which come and go do not shift pages. */
export const encodeCursor = ({ createdAt, id }: CampaignPosition): string =>
  Buffer.from(JSON.stringify([createdAt.getTime(), id])).toString('base64url');

export function decodeCursor(cursor: string, argument: string): CampaignPosition {
  const position = read(Buffer.from(cursor, 'base64url').toString());
  // Written again it must be the same: base64 passes over what it does not know, and JSON over white space.
  if (position && encodeCursor(position) === cursor) return position;
  throw badUserInput(`${argument} is not a cursor of this list`);
}

function read(text: string): CampaignPosition | null {
  const [, time, id] = /^\[(\d{1,14}),"(cmp_[\da-z]+)"\]$/.exec(text) ?? [];
  return time !== undefined && id !== undefined ? { createdAt: new Date(Number(time)), id } : null;
}

export interface CampaignConnectionShape {
  campaigns: CampaignShape[];
  /** Asked only where the field is selected: what lies before a cursor, or behind it, is a statement of its own. */
  hasNextPage: () => Soon<boolean>;
  hasPreviousPage: () => Soon<boolean>;
  /** Asked only where the field is selected: it looks at every match. */
  count: () => Promise<number>;
}

const CampaignEdge = builder.objectRef<CampaignShape>('CampaignEdge').implement({
  description: 'A campaign with its place in the list.',
  fields: (t) => ({
    cursor: t.string({ description: 'Goes into `after` or `before`.', resolve: encodeCursor }),
    node: t.field({ type: Campaign, description: 'The campaign.', resolve: (campaign) => campaign }),
  }),
});

export const CampaignConnection = builder.objectRef<CampaignConnectionShape>('CampaignConnection').implement({
  description: 'A page of campaigns, newest first.',
  fields: (t) => ({
    edges: t.expose('campaigns', {
      type: [CampaignEdge],
      complexity: { multiplier: 1 },
      description: 'The campaigns with their cursors.',
    }),
    nodes: t.expose('campaigns', {
      type: [Campaign],
      complexity: { multiplier: 1 },
      description: 'The campaigns.',
    }),
    pageInfo: t.field({
      type: PageInfo,
      description: 'Where the page lies.',
      resolve: ({ campaigns, hasNextPage, hasPreviousPage }) => {
        const [first, last] = [campaigns[0], campaigns.at(-1)];
        return {
          hasNextPage,
          hasPreviousPage,
          startCursor: first ? encodeCursor(first) : null,
          endCursor: last ? encodeCursor(last) : null,
        };
      },
    }),
    totalCount: t.int({
      complexity: FAR_LOOK / 10,
      description: 'How many match in all. Costs a look at every one of them: ask only where it is shown.',
      resolve: ({ count }) => count(),
    }),
  }),
});

export const CampaignFilter = builder.inputType('CampaignFilter', {
  description: 'All conditions must hold; one that is left out or null does not count.',
  fields: (t) => ({
    account: t.id({ description: 'The app id.' }),
    idempotencyKey: t.string({ description: 'Asked for with this key: finds a send whose answer was lost.' }),
    statuses: t.field({ type: [SendStatus], description: 'Any of these.' }),
    messageTypes: t.field({ type: [MessageType], description: 'Any of these.' }),
    msgId: t.id({ description: 'A job has this msg_id.' }),
    msgDataId: t.id({ description: 'A job has this msg_data_id.' }),
    tagId: t.int({ description: 'Sent to this tag.' }),
    copyrightStates: t.field({ type: [CopyrightState], description: 'A job was found to be any of these.' }),
    createdFrom: t.field({ type: 'DateTime', description: 'Asked for at this moment or later.' }),
    createdTo: t.field({ type: 'DateTime', description: 'Asked for before this moment.' }),
  }),
});
