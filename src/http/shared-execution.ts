import { setImmediate } from 'node:timers/promises';
import type { GraphQLError } from 'graphql';
import type { Caller } from '../access/keyring.ts';
import type { EventRow } from '../db/job-changes.ts';
import type { EventLog } from '../events/event-log.ts';
import type { Listener, Subscriber } from '../events/subscriber.ts';
import type { Context } from '../schema/context.ts';
import type { Feed } from './feed.ts';
import { createPayloads, type Telling } from './payloads.ts';
import type { Shares } from './shares.ts';
import { createSharingKeys } from './sharing-key.ts';
import type { Results, Sink } from './sink.ts';

/** One subscription. A record and no more, whose functions are those of all: there are thousands of them, most of which wait. */
export interface Member extends Listener<EventRow> {
  readonly group: Group;
  /** Null once it is over. */
  subscriber: Subscriber<EventRow> | null;
  readonly sink: Sink<unknown>;
  readonly to: unknown;
  readonly caller: Caller;
}

/** Subscriptions that are told the same of an event. */
interface Group extends Telling {
  key: string;
  size: number;
  /** Executions that are about to begin, and who waits for them, by their first event. */
  runs: Map<number, Member[]>;
}

const callerOf = ({ args }: Feed): Caller => (args.contextValue as Context).caller;

/**
 * Executes for all who ask for the same of an event at once. Each goes at its own pace all the same: it asks for more when it has room,
 * and is given what is about to be read then, or what it has read itself.
 */
export function createSharedExecution({
  events,
  shares,
  mask,
  contextOf,
}: {
  events: Pick<EventLog<EventRow>, 'more' | 'end'>;
  /** Every subscription has taken one. */
  shares: Pick<Shares, 'giveBack'>;
  mask: (error: unknown) => Error;
  /** What an execution needs, for whoever may do the same as this caller. */
  contextOf: (caller: Caller) => Context;
}) {
  const groups = new Map<string, Group>();
  const keyOf = createSharingKeys();
  const { payloadOf, batchOf } = createPayloads({ mask, contextOf });

  function join({ args, source, beside }: Feed): Group {
    const { document, operationName, variableValues } = args;
    const context = args.contextValue as Context & { params: { query: string } };
    const { caller, params } = context;
    const besides = [...beside.keys(), caller.name, ...caller.scopes];
    const key = keyOf({ query: params.query, document, operationName, variables: variableValues, besides });
    const known = groups.get(key);
    if (known) {
      known.size++;
      return known;
    }
    const group: Group = {
      key,
      size: 1,
      args: { ...args, contextValue: null },
      // Whose key is revoked is cut off at once; nobody else must be told of that.
      caller: { ...caller, address: null, isRevoked: () => false, onRevoked: () => () => {} },
      rootOf: source.rootOf,
      finish: (result) => [...beside.values()].reduce((told, tell) => tell(told), result),
      runs: new Map(),
    };
    groups.set(key, group);
    return group;
  }

  async function run(group: Group, first: number, given: readonly EventRow[], waiting: Member[]) {
    try {
      // Whoever asks in the same turn of the event loop is told what is read after it. Those who ask later may know of more.
      await setImmediate();
      group.runs.delete(first);
      const { results, taken } = await batchOf(group, given);
      for (const member of waiting) send(member, results, taken);
    } catch (error) {
      const masked = mask(error) as GraphQLError;
      for (const member of waiting) fail(member, masked);
    }
  }

  /** @param taken the last event that the results tell of */
  function send(member: Member, results: Results, taken: number): void {
    if (member.subscriber) member.sink.send(member.to, results, () => more(member, taken));
  }

  function more({ subscriber }: Member, taken: number): void {
    if (subscriber) events.more(subscriber, taken);
  }

  function fail(member: Member, masked: GraphQLError): void {
    if (!member.subscriber) return;
    leave(member);
    member.sink.fail(member.to, [masked]);
  }

  function leave(member: Member): void {
    const { subscriber, group } = member;
    if (!subscriber) return;
    member.subscriber = null;
    group.size--;
    if (group.size === 0) groups.delete(group.key);
    shares.giveBack(member.caller);
    events.end(subscriber);
  }

  function take(this: Member, given: readonly EventRow[]): void {
    const { group } = this;
    const first = given[0]!.id;
    const waiting = group.runs.get(first);
    if (waiting) return void waiting.push(this);
    const all = [this];
    group.runs.set(first, all);
    void run(group, first, given, all);
  }

  function ended(this: Member): void {
    leave(this);
  }

  function disconnect(this: Member): void {
    this.sink.disconnect(this.to);
  }

  /** What is told before anything has happened is read for one alone: for others, something may have happened since. */
  async function tellFirst({ source }: Feed, member: Member): Promise<void> {
    try {
      const payloads: Buffer[] = [];
      for (const root of source.first) payloads.push(await payloadOf(member.group, root));
      send(member, { payloads, framed: new Map() }, 0);
    } catch (error) {
      if (member.subscriber) fail(member, mask(error) as GraphQLError);
    }
  }

  return {
    /** Executes a subscription until it is over or has left. */
    open<To>(feed: Feed, sink: Sink<To>, to: To): Member {
      const { source } = feed;
      const group = join(feed);
      const caller = callerOf(feed);
      const member: Member = { group, subscriber: null, sink, to, caller, take, ended, disconnect };
      member.subscriber = source.events.listen(member);
      if (source.first.length > 0) void tellFirst(feed, member);
      else more(member, 0);
      return member;
    },

    leave,

    /** Ends one that nobody waits for any more. */
    discard(feed: Feed): void {
      shares.giveBack(callerOf(feed));
      void feed.source.return?.();
    },
  };
}
export type SharedExecution = ReturnType<typeof createSharedExecution>;
