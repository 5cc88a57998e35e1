import type { Results, Transport } from './subscribe.ts';
import { until } from './until.ts';
import type { World } from './world.ts';

export const EVENTS = `subscription ($after: ID, $campaign: ID) {
  events(after: $after, campaign: $campaign) {
    __typename id at campaign { id status }
    ... on SendJobChanged { status job { id } }
    ... on MassSendJobFinished { msgId rawStatus counts { total eligible sent failed } }
  }
}`;

export interface TestEvent {
  __typename: 'SendJobChanged' | 'MassSendJobFinished';
  id: string;
  at: string;
  campaign: { id: string; status: string } | null;
  status?: string;
  msgId?: string;
  rawStatus?: string;
  counts?: { total: number; eligible: number; sent: number; failed: number } | null;
}

interface Which {
  after?: string;
  campaign?: string;
}

export type Events = Results<{ events: TestEvent }>;

/** Resolves once the gateway will give every event that happens from now on. */
export async function readEvents(world: World, transport: Transport, which: Which = {}): Promise<Events> {
  const before = world.subscribers();
  const events = await world.subscribe<{ events: TestEvent }>(transport, EVENTS, { ...which });
  // Over WebSocket nothing tells the client that its subscription has begun; one with a cursor misses nothing before.
  if (transport === 'WebSocket' && which.after === undefined) await until(() => world.subscribers() > before);
  return events;
}

export async function takeEvents(events: Events, count: number): Promise<TestEvent[]> {
  const taken: TestEvent[] = [];
  while (taken.length < count) taken.push((await events.next()).events);
  return taken;
}

/** So many events from the first on, of one campaign or of all. */
export async function firstEvents(world: World, count: number, campaign?: string): Promise<TestEvent[]> {
  await using events = await readEvents(world, 'SSE', { after: '0', ...(campaign ? { campaign } : {}) });
  return await takeEvents(events, count);
}

/** Where a job came to, and the result events as they were told, in order. */
export const namesOf = (events: readonly TestEvent[]): string[] =>
  events.map(({ __typename, status, rawStatus }) =>
    __typename === 'SendJobChanged' ? `${status}` : `finished: ${rawStatus}`,
  );
