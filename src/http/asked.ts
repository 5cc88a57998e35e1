import type { GraphQLParams, Plugin } from 'graphql-yoga';
import type { ServerContext } from './connection.ts';
import { badRequest } from './request-body.ts';

/** The parameters in an address. Throws a refusal where they are no JSON. */
export function paramsInAddress({ searchParams }: URL): GraphQLParams {
  const text = (name: string) => searchParams.get(name) || undefined;
  const json = (name: string) => {
    const value = text(name);
    try {
      return value && JSON.parse(value);
    } catch {
      throw badRequest(`${name} is not JSON`);
    }
  };
  return {
    ...Object.fromEntries(searchParams),
    query: text('query'),
    operationName: text('operationName'),
    variables: json('variables'),
    extensions: json('extensions'),
  } as GraphQLParams;
}

/** With what is part of it. */
const UTF_8 = new Set(['utf-8', 'utf8', 'us-ascii']);

/** Null where it is said to be text in anything but UTF-8, which nothing here reads. */
export function contentTypeOf(header: string | null | undefined): string | null {
  const [type = '', ...parameters] = (header ?? '').toLowerCase().split(';');
  const charsets = parameters.flatMap(
    (parameter) => /^\s*charset\s*=\s*"?([^"\s]*)/.exec(parameter)?.[1] ?? [],
  );
  return charsets.every((charset) => UTF_8.has(charset)) ? type.trim() : null;
}

/** What `contentTypeOf` gives for a request that is written in JSON. */
export const isJson = (type: string | null): boolean =>
  type === 'application/json' || type === 'application/graphql+json';

/** Answers what was done before with what came of it. */
export const useAsked = (): Plugin<object, ServerContext> => ({
  onParams({ context, setResult }) {
    const { asked } = context as Partial<ServerContext>;
    if (asked?.result) setResult(asked.result);
  },
});
