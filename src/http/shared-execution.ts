import { type ExecutionArgs, type ExecutionResult, execute, type GraphQLError } from 'graphql';
import type { Caller } from '../access/keyring.ts';
import type { EventRow } from '../db/job-changes.ts';
import type { EventLog } from '../events/event-log.ts';
import type { Subscriber } from '../events/subscriber.ts';
import type { Context } from '../schema/context.ts';
import type { Feed } from './feed.ts';
import { withRequestId } from './request-id.ts';
import { createSharingKeys } from './sharing-key.ts';
import { toldResult } from './told-errors.ts';

/** Results that are given to many at once. */
export interface Results {
  /** Each as JSON. None where nothing of what happened is told of. */
  payloads: readonly Buffer[];
  /** The bytes that go over a line, by what they are framed with: made once, and gone with these results. */
  framed: Map<string, readonly Buffer[]>;
}

/** Where the results of one subscription go. */
export interface Sink {
  /** Calls `more` once there is room for others. */
  send(results: Results, more: () => void): void;
  /** It cannot go on, for reasons that are masked. */
  fail(errors: readonly GraphQLError[]): void;
}

interface Member {
  subscriber: Subscriber<EventRow> | null;
  sink: Sink;
  /** The last event that was sent. */
  taken: number;
  more: () => void;
}

/** Subscriptions that are told the same of an event. */
interface Group {
  key: string;
  size: number;
  args: ExecutionArgs;
  caller: Caller;
  rootOf: (event: EventRow) => unknown;
  finish: (result: ExecutionResult) => ExecutionResult;
  /** Executions under way, and who waits for them, by their first event: as soon as one has ended, the next reads anew. */
  runs: Map<number, Member[]>;
}

/** What is sent at once to one that lags behind: it saves writes, and may not fill the memory. */
const MOST_EVENTS = 32;
const MOST_BYTES = 16_384;

/**
 * Executes for all who are told the same of an event at once. Each goes at its own pace all the same: it asks for more when it has room,
 * and is given what is under way then, or what it begins itself.
 */
export function createSharedExecution({
  events,
  mask,
  contextOf,
}: {
  events: Pick<EventLog<EventRow>, 'more' | 'end'>;
  mask: (error: unknown) => Error;
  /** What an execution needs, for whoever may do the same as this caller. */
  contextOf: (caller: Caller) => Context;
}) {
  const groups = new Map<string, Group>();
  const keyOf = createSharingKeys();

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

  async function payloadOf(group: Group, rootValue: unknown): Promise<Buffer> {
    const result = await withRequestId(async () => {
      const contextValue = contextOf(group.caller);
      const { errors, ...rest } = await execute({ ...group.args, rootValue, contextValue });
      return errors ? { errors: errors.map((error) => mask(error) as GraphQLError), ...rest } : rest;
    });
    return Buffer.from(JSON.stringify(toldResult(group.finish(result))));
  }

  /** As many of these events as are sent at once. */
  async function execution(group: Group, given: readonly EventRow[]) {
    const payloads: Buffer[] = [];
    let bytes = 0;
    let taken = 0;
    for (const event of given) {
      const root = group.rootOf(event);
      taken = event.id;
      if (root === null) continue;
      const payload = await payloadOf(group, root);
      bytes += payload.length;
      payloads.push(payload);
      if (payloads.length === MOST_EVENTS || bytes >= MOST_BYTES) break;
    }
    return { results: { payloads, framed: new Map() }, taken };
  }

  async function run(group: Group, first: number, given: readonly EventRow[], waiting: Member[]) {
    try {
      const { results, taken } = await execution(group, given).finally(() => group.runs.delete(first));
      for (const member of waiting) {
        member.taken = taken;
        if (member.subscriber) member.sink.send(results, member.more);
      }
    } catch (error) {
      const masked = [mask(error) as GraphQLError];
      for (const member of waiting) if (member.subscriber) member.sink.fail(masked);
    }
  }

  function take(group: Group, member: Member, given: readonly EventRow[]): void {
    const first = given[0]!.id;
    const waiting = group.runs.get(first);
    if (waiting) return void waiting.push(member);
    const all = [member];
    group.runs.set(first, all);
    void run(group, first, given, all);
  }

  /** What is told before anything has happened is read for one alone: for others, something may have happened since. */
  async function tellFirst({ source }: Feed, group: Group, member: Member): Promise<void> {
    try {
      const payloads: Buffer[] = [];
      for (const root of source.first) payloads.push(await payloadOf(group, root));
      if (member.subscriber) member.sink.send({ payloads, framed: new Map() }, member.more);
    } catch (error) {
      if (member.subscriber) member.sink.fail([mask(error) as GraphQLError]);
    }
  }

  return {
    /** Executes a subscription until it is over or ended by what this gives. */
    open(feed: Feed, sink: Sink): () => void {
      const group = join(feed);
      const { ends } = feed;
      const member: Member = { subscriber: null, sink, taken: 0, more: () => {} };
      const subscriber = feed.source.events.listen({
        take: (given) => take(group, member, given),
        ended: () => leave(),
      });
      member.subscriber = subscriber;
      member.more = () => events.more(subscriber, member.taken);
      const leave = () => {
        if (!member.subscriber) return;
        member.subscriber = null;
        group.size--;
        if (group.size === 0) groups.delete(group.key);
        for (const end of ends) end();
        events.end(subscriber);
      };
      if (feed.source.first.length > 0) void tellFirst(feed, group, member);
      else member.more();
      return leave;
    },

    /** Ends one that nobody waits for any more. */
    discard({ source, ends }: Feed): void {
      for (const end of ends) end();
      void source.return?.();
    },
  };
}
export type SharedExecution = ReturnType<typeof createSharedExecution>;
