import { GraphQLError } from 'graphql';
import { createGraphQLError } from 'graphql-yoga';
import type { Log } from '../log.ts';
import { requestId } from './request-id.ts';
import { withCode } from './told-errors.ts';

/** Whatever is neither an outcome nor a fault of the request is told by an id, under which the log has the rest. */
export function createMask(log: Log): (error: unknown) => Error {
  // One failure can take down many fields, and fills one line of the log all the same.
  const told = new WeakMap<Error, string>();

  function idOf(error: unknown): string {
    const known = error instanceof Error ? told.get(error) : undefined;
    if (known) return known;
    const id = requestId();
    if (error instanceof Error) told.set(error, id);
    log.error({ error, requestId: id }, 'a request failed');
    return id;
  }

  return (error) => {
    const original = error instanceof GraphQLError ? (error.originalError ?? error) : error;
    if (original instanceof GraphQLError) {
      const refused = error as GraphQLError;
      // The executor gives no code to variables that do not fit; what fields throw has a path, and a code where it needs one.
      return refused.path ? refused : withCode(refused, 'BAD_USER_INPUT');
    }
    return createGraphQLError('Unexpected error.', {
      ...(error instanceof GraphQLError ? { nodes: error.nodes, path: error.path } : {}),
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: idOf(original) },
    });
  };
}
