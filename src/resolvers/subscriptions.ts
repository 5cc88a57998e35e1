import type { EventRow } from '../db/job-changes.ts';
import { UnknownCursorError } from '../events/event-log.ts';
import { badUserInput, refuseBrokenText } from '../schema/bad-user-input.ts';
import { builder } from '../schema/builder.ts';
import { Campaign, existing } from '../schema/campaign.ts';
import type { Context } from '../schema/context.ts';
import { Event } from '../schema/event.ts';
import { createLoaders } from './loaders.ts';
import { sourceOf } from './subscription-source.ts';

/** A change for every event that is about a campaign. */
const changeOf = ({ campaignId }: EventRow) => (campaignId === null ? null : { campaignId });

const itself = (event: EventRow) => event;

/** What was read for an event must not be what an earlier one has read. */
function afresh(ctx: Context): Context {
  ctx.loaders = createLoaders(ctx);
  return ctx;
}

async function refuseUnknown(ctx: Context, argument: string, id: string): Promise<void> {
  if (!(await afresh(ctx).loaders.campaign.load(id)))
    throw badUserInput(`${argument} is not a campaign of this gateway`);
}

function cursorOf(after: string): number {
  const cursor = Number(after);
  if (/^\d+$/.test(after) && Number.isSafeInteger(cursor)) return cursor;
  throw badUserInput('after is not the id of an event');
}

builder.subscriptionField('campaignUpdated', (t) =>
  t.field({
    type: Campaign,
    description:
      'The state of a campaign at once, then after every change. Without an id, every change of every campaign.',
    args: { id: t.arg.id({ description: 'The campaign. Left out: all.' }) },
    subscribe: async (_, { id }, ctx) => {
      refuseBrokenText({ id });
      const { events, disconnect } = ctx;
      const signal = ctx.closed();
      if (id == null) return sourceOf(await events.subscribe({ disconnect, signal }), changeOf);
      // Attached before the state is read, so that no change falls in between.
      const later = await events.subscribe({ campaignId: id, disconnect, signal });
      try {
        await refuseUnknown(ctx, 'id', id);
      } catch (error) {
        await later.return?.();
        throw error;
      }
      return sourceOf(later, changeOf, [{ campaignId: id }]);
    },
    resolve: ({ campaignId }, _, ctx) => existing(afresh(ctx), campaignId),
  }),
);

builder.subscriptionField('events', (t) =>
  t.field({
    type: Event,
    description:
      'Every event, in order, none twice and none left out. A client that was away goes on with the id of the last event it has seen.',
    args: {
      after: t.arg.id({
        description:
          'First those that came after this event; "0" begins at the first there is. Left out: only what happens from now on.',
      }),
      campaign: t.arg.id({ description: 'Only those of this campaign.' }),
    },
    subscribe: async (_, { after, campaign }, ctx) => {
      refuseBrokenText({ campaign });
      const { events, disconnect } = ctx;
      const signal = ctx.closed();
      if (campaign != null) await refuseUnknown(ctx, 'campaign', campaign);
      try {
        const stream = await events.subscribe({
          after: after == null ? undefined : cursorOf(after),
          campaignId: campaign ?? undefined,
          disconnect,
          signal,
        });
        return sourceOf(stream, itself);
      } catch (error) {
        throw error instanceof UnknownCursorError ? badUserInput(`after: ${error.message}`) : error;
      }
    },
    resolve: (event, _, ctx) => {
      afresh(ctx);
      return event;
    },
  }),
);
