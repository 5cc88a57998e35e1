import type { ExecutionResult } from 'graphql';
import type { Connection } from './connection.ts';
import { isFeed } from './feed.ts';
import type { GraphQLServer } from './graphql.ts';
import { orErrors, runOnLine } from './own-line.ts';
import { withRequestId } from './request-id.ts';
import type { Sink } from './sink.ts';
import { toldResult, withoutHttp } from './told-errors.ts';
import { framesOf } from './websocket-frames.ts';
import { breakOff, type Line, type Operation, say, takeOff, writeFrames } from './websocket-line.ts';
import { type ClientMessage, MessageType } from './websocket-message.ts';

type Subscribe = Extract<ClientMessage, { type: typeof MessageType.SUBSCRIBE }>;

/** Runs what is asked over a line. */
export function createOperations(graphql: GraphQLServer) {
  const { trusted, shared } = graphql;

  async function outcomeOf(line: Line, payload: Subscribe['payload'], closed: AbortSignal) {
    const params = orErrors(() => (trusted ? trusted({ ...payload }) : payload));
    if (Array.isArray(params)) return params;
    const connection: Connection = {
      disconnect: () => breakOff(line),
      closed: () => closed,
      caller: line.caller!,
    };
    return runOnLine(graphql, { params, connection });
  }

  const sink: Sink<Operation> = {
    send: ({ line, id }, results, more) => writeFrames(line, framesOf(results, id), more),
    fail(operation, errors) {
      const { line, id } = operation;
      takeOff(operation);
      say(line, { id, type: MessageType.ERROR, payload: errors.map(withoutHttp) });
    },
    disconnect: ({ line }) => breakOff(line),
  };

  return {
    /** Resolves once it has been answered, or goes on as a subscription. */
    async start(line: Line, { id, payload }: Subscribe) {
      const beginning = new AbortController();
      const operation: Operation = { line, id, beginning, member: null };
      line.operations = line.operations.concat(operation);
      const outcome = await withRequestId(() => outcomeOf(line, payload, beginning.signal)).catch((error) => {
        takeOff(operation);
        throw error;
      });
      if (!Array.isArray(outcome) && isFeed(outcome)) {
        if (!isWanted(operation)) return shared.discard(outcome);
        operation.beginning = null;
        operation.member = shared.open(outcome, sink, operation);
        return;
      }
      if (!isWanted(operation)) return;
      takeOff(operation);
      if (Array.isArray(outcome)) {
        return say(line, { id, type: MessageType.ERROR, payload: outcome.map(withoutHttp) });
      }
      say(line, { id, type: MessageType.NEXT, payload: toldResult(outcome as ExecutionResult) });
      say(line, { id, type: MessageType.COMPLETE });
    },

    /** Ends it; nothing of it is told any more. */
    stop(operation: Operation): void {
      const { beginning, member } = operation;
      takeOff(operation);
      beginning?.abort();
      if (member) shared.leave(member);
    },
  };
}

/** Nobody has ended it since. */
const isWanted = (operation: Operation): boolean => operation.line.operations.includes(operation);
