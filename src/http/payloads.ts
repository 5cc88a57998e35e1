import { type ExecutionArgs, type ExecutionResult, execute, type GraphQLError } from 'graphql';
import type { Caller } from '../access/keyring.ts';
import type { EventRow } from '../db/job-changes.ts';
import type { Context } from '../schema/context.ts';
import { withRequestId } from './request-id.ts';
import type { Results } from './sink.ts';
import { toldResult } from './told-errors.ts';

/** How events are told, and on whose behalf. */
export interface Telling {
  args: ExecutionArgs;
  caller: Caller;
  rootOf: (event: EventRow) => unknown;
  finish: (result: ExecutionResult) => ExecutionResult;
}

/** What is sent at once to one that lags behind: it saves writes, and may not fill the memory. */
const MOST_EVENTS = 32;
const MOST_BYTES = 16_384;

/** Executes subscriptions on events, as JSON. */
export function createPayloads({
  mask,
  contextOf,
}: {
  mask: (error: unknown) => Error;
  contextOf: (caller: Caller) => Context;
}) {
  async function payloadOf({ args, caller, finish }: Telling, rootValue: unknown): Promise<Buffer> {
    const result = await withRequestId(async () => {
      const contextValue = contextOf(caller);
      const { errors, ...rest } = await execute({ ...args, rootValue, contextValue });
      return errors ? { errors: errors.map((error) => mask(error) as GraphQLError), ...rest } : rest;
    });
    return Buffer.from(JSON.stringify(toldResult(finish(result))));
  }

  /** As many of these events as are sent at once, and the last of them. */
  async function batchOf(
    telling: Telling,
    events: readonly EventRow[],
  ): Promise<{ results: Results; taken: number }> {
    const payloads: Buffer[] = [];
    let bytes = 0;
    let taken = 0;
    for (const event of events) {
      const root = telling.rootOf(event);
      taken = event.id;
      if (root === null) continue;
      const payload = await payloadOf(telling, root);
      bytes += payload.length;
      payloads.push(payload);
      if (payloads.length === MOST_EVENTS || bytes >= MOST_BYTES) break;
    }
    return { results: { payloads, framed: new Map() }, taken };
  }

  return { payloadOf, batchOf };
}
