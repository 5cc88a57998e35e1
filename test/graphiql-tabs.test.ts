import { parse, validate } from 'graphql';
import { expect, it } from 'vitest';
import { graphiqlTabs } from '../src/http/graphiql-tabs.ts';
import { schema } from '../src/resolvers/schema.ts';

it.each(graphiqlTabs)('GraphiQL opens with an operation that is valid: $query', ({ query }) => {
  expect(validate(schema, parse(query))).toEqual([]);
});
