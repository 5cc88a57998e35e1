import { type DocumentNode, type ExecutionResult, GraphQLError, getOperationAST } from 'graphql';
import type { Connection } from './connection.ts';
import { type Feed, isFeed } from './feed.ts';
import type { GraphQLServer } from './graphql.ts';
import { withRequestId } from './request-id.ts';
import type { Sink } from './sink.ts';
import { toldResult, withCode, withoutHttp } from './told-errors.ts';
import { framesOf } from './websocket-frames.ts';
import { breakOff, type Line, type Operation, say, takeOff, writeFrames } from './websocket-line.ts';
import { type ClientMessage, MessageType } from './websocket-message.ts';

type Subscribe = Extract<ClientMessage, { type: typeof MessageType.SUBSCRIBE }>;

/** A document that cannot be run, and why. */
type Refused = GraphQLError[];

/** Runs what is asked over a line on the path of GraphQL over HTTP: parsing, validation, execution and masking with all their plugins. */
export function createOperations(graphql: GraphQLServer) {
  const { trusted, shared } = graphql;

  async function outcomeOf(
    line: Line,
    payload: Subscribe['payload'],
    closed: AbortSignal,
  ): Promise<Refused | ExecutionResult | Feed> {
    const params = orErrors(() => (trusted ? trusted({ ...payload }) : payload));
    if (Array.isArray(params)) return params;
    const { query = '', operationName, variables } = params;
    const connection: Connection = { disconnect: () => breakOff(line), closed, caller: line.caller! };
    const { schema, execute, subscribe, parse, validate, contextFactory } = graphql.getEnveloped({
      connection,
      params,
    });
    const document: DocumentNode | Refused = orErrors(() => parse(query));
    // Over HTTP the server gives them their code.
    if (Array.isArray(document)) return document.map((error) => withCode(error, 'GRAPHQL_PARSE_FAILED'));
    const errors = validate(schema, document);
    if (errors.length > 0) return [...errors];
    const contextValue = await contextFactory();
    const operation = getOperationAST(document, operationName);
    if (!operation) return [new GraphQLError('Unable to identify operation')];
    const run = operation.operation === 'subscription' ? subscribe : execute;
    return run({ schema, operationName, document, variableValues: variables, contextValue });
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

/** A document that cannot be read is the fault of one operation; thrown, it would end all others of the line too. */
function orErrors<T>(read: () => T): T | Refused {
  try {
    return read();
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}
