import type { World } from './world.ts';

const EVENTS = `subscription ($campaign: ID) { events(after: "0", campaign: $campaign) {
  __typename id campaign { id }
  ... on SendJobChanged { status }
  ... on MassSendJobFinished { msgId rawStatus counts { total eligible sent failed } }
} }`;

/** So many events from the first on, of one campaign or of all. */
export async function readEvents(world: World, count: number, campaign?: string): Promise<any[]> {
  await using results = await world.subscribe<any>('SSE', EVENTS, { campaign });
  const events: any[] = [];
  while (events.length < count) events.push((await results.next()).events);
  return events;
}

/** Where a job came to, and the result events as they were told, in order. */
export const namesOf = (events: any[]): string[] =>
  events.map(({ __typename, status, rawStatus }) =>
    __typename === 'SendJobChanged' ? status : `finished: ${rawStatus}`,
  );
