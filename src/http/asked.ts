import type { IncomingMessage } from 'node:http';
import type { ExecutionResult } from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import type { ServerContext } from './connection.ts';

/** What a lane of our own has found out about a request that it leaves to the server after all. */
export interface Asked {
  /** Why it was not done, to be told in whatever form the client accepts. */
  result?: ExecutionResult;
}

/** The parameters in an address. Throws where they are no JSON. */
export function paramsInAddress({ searchParams }: URL): GraphQLParams {
  const text = (name: string) => searchParams.get(name) || undefined;
  const json = (name: string) => {
    const value = text(name);
    return value && JSON.parse(value);
  };
  return {
    ...Object.fromEntries(searchParams),
    query: text('query'),
    operationName: text('operationName'),
    variables: json('variables'),
    extensions: json('extensions'),
  } as GraphQLParams;
}

export const contentTypeOf = ({ headers }: IncomingMessage): string | undefined =>
  headers['content-type']?.split(';')[0]?.trim().toLowerCase();

/** Answers what was done before with what came of it. */
export const useAsked = (): Plugin<object, ServerContext> => ({
  onParams({ context, setResult }) {
    const { asked } = context as Partial<ServerContext>;
    if (asked?.result) setResult(asked.result);
  },
});
