import type { IncomingMessage, ServerResponse } from 'node:http';
import { type DocumentNode, type ExecutionResult, GraphQLError, getOperationAST } from 'graphql';
import type { GraphQLParams } from 'graphql-yoga';
import type { Connection } from './connection.ts';
import type { Feed } from './feed.ts';
import type { GraphQLServer } from './graphql.ts';
import { withCode } from './told-errors.ts';

/** A document that cannot be run, and why. */
export type Refused = GraphQLError[];

/** Runs an operation over a line of our own on the path of the server's: parsing, validation and execution with all their plugins. */
export async function runOnLine(
  graphql: GraphQLServer,
  asked: { params: GraphQLParams; connection: Connection; req?: IncomingMessage; res?: ServerResponse },
): Promise<Refused | ExecutionResult | Feed> {
  const { query = '', operationName, variables } = asked.params;
  const { schema, execute, subscribe, parse, validate, contextFactory } = graphql.getEnveloped(asked);
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

/** A document that cannot be read is the fault of one operation; thrown, it would end all others of the line too. */
export function orErrors<T>(read: () => T): T | Refused {
  try {
    return read();
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}
