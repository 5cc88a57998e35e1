import { type DocumentNode, type ExecutionResult, GraphQLError, getOperationAST } from 'graphql';
import type { Connection } from './connection.ts';
import { type Feed, isFeed } from './feed.ts';
import type { GraphQLServer } from './graphql.ts';
import { withRequestId } from './request-id.ts';
import type { Sink } from './shared-execution.ts';
import { toldResult, withoutHttp } from './told-errors.ts';
import { framesOf } from './websocket-frames.ts';
import { type Line, type Operation, say, writeFrames } from './websocket-line.ts';
import { type ClientMessage, MessageType } from './websocket-message.ts';

type Subscribe = Extract<ClientMessage, { type: typeof MessageType.SUBSCRIBE }>;

/** A document that cannot be run, and why. */
type Refused = GraphQLError[];

/** Runs what is asked over a line on the path of GraphQL over HTTP: parsing, validation, execution and masking with all their plugins. */
export function createOperations(graphql: GraphQLServer) {
  const { trusted, shared } = graphql;

  /** @param closed aborted when the operation is over, or its line */
  async function outcomeOf(
    line: Line,
    payload: Subscribe['payload'],
    closed: AbortSignal,
  ): Promise<Refused | ExecutionResult | Feed> {
    const params = orErrors(() => (trusted ? trusted({ ...payload }) : payload));
    if (Array.isArray(params)) return params;
    const { query = '', operationName, variables } = params;
    const connection: Connection = { disconnect: line.disconnect, closed, caller: line.caller! };
    const { schema, execute, subscribe, parse, validate, contextFactory } = graphql.getEnveloped({
      connection,
      params,
    });
    const document: DocumentNode | Refused = orErrors(() => parse(query));
    if (Array.isArray(document)) return document;
    const errors = validate(schema, document);
    if (errors.length > 0) return [...errors];
    const contextValue = await contextFactory();
    const operation = getOperationAST(document, operationName);
    if (!operation) return [new GraphQLError('Unable to identify operation')];
    const run = operation.operation === 'subscription' ? subscribe : execute;
    return run({ schema, operationName, document, variableValues: variables, contextValue });
  }

  /** Keeps nothing of how the operation began. */
  function sinkOf(line: Line, id: string, operation: Operation): Sink {
    return {
      send: (results, more) => writeFrames(line, framesOf(results, id), more),
      fail(errors) {
        if (line.operations.get(id) !== operation) return;
        line.operations.delete(id);
        operation.stop();
        say(line, { id, type: MessageType.ERROR, payload: errors.map(withoutHttp) });
      },
    };
  }

  return {
    /** Resolves once it has been answered, or goes on as a subscription. */
    async start(line: Line, { id, payload }: Subscribe) {
      const over = new AbortController();
      const operation: Operation = { stop: () => over.abort() };
      line.operations.set(id, operation);
      const outcome = await withRequestId(() => outcomeOf(line, payload, over.signal)).catch((error) => {
        if (line.operations.get(id) === operation) line.operations.delete(id);
        throw error;
      });
      const isWanted = line.operations.get(id) === operation;
      if (!Array.isArray(outcome) && isFeed(outcome)) {
        if (isWanted) operation.stop = shared.open(outcome, sinkOf(line, id, operation));
        else shared.discard(outcome);
        return;
      }
      if (!isWanted) return;
      line.operations.delete(id);
      if (Array.isArray(outcome)) {
        return say(line, { id, type: MessageType.ERROR, payload: outcome.map(withoutHttp) });
      }
      say(line, { id, type: MessageType.NEXT, payload: toldResult(outcome as ExecutionResult) });
      say(line, { id, type: MessageType.COMPLETE });
    },
  };
}

/** A document that cannot be read is the fault of one operation; thrown, it would end all others of the line too. */
function orErrors<T>(read: () => T): T | Refused {
  try {
    return read();
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}
