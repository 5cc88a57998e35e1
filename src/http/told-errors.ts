import { type ExecutionResult, GraphQLError, type GraphQLFormattedError } from 'graphql';

/** What an error means for HTTP means nothing to whoever reads the result. */
export function withoutHttp(error: GraphQLError | GraphQLFormattedError): GraphQLFormattedError {
  const { extensions, ...told } = error instanceof GraphQLError ? error.toJSON() : error;
  const { http, unexpected, ...kept } = extensions ?? {};
  return Object.keys(kept).length > 0 ? { ...told, extensions: kept } : told;
}

/** Gives an error a code that has none. */
export function withCode(error: GraphQLError, code: string): GraphQLError {
  const { message, nodes, source, positions, extensions } = error;
  if (extensions.code !== undefined) return error;
  return new GraphQLError(message, { nodes, source, positions, extensions: { ...extensions, code } });
}

/** A result as it goes over a line. */
export function toldResult(result: ExecutionResult): object {
  const { errors } = result;
  return errors ? { ...result, errors: errors.map(withoutHttp) } : result;
}
