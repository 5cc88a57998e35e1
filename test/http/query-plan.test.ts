import { setImmediate } from 'node:timers/promises';
import {
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  getOperationAST,
  parse,
} from 'graphql';
import { expect, it } from 'vitest';
import { planQuery } from '../../src/http/query-plan.ts';
import { NotStraight } from '../../src/http/query-run.ts';

const later = async (): Promise<string> => {
  await setImmediate();
  throw new Error('the database is away');
};
const fields = {
  later: { type: GraphQLString, resolve: later },
  never: { type: new GraphQLNonNull(GraphQLString), resolve: () => null },
};
const schema = new GraphQLSchema({ query: new GraphQLObjectType({ name: 'Query', fields }) });

const planOf = (text: string) =>
  planQuery({ schema, fragments: new Map(), variables: {} }, getOperationAST(parse(text))!);

it('fails at once where a field does, and minds nothing that fails afterwards', async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown) => unhandled.push(error);
  process.on('unhandledRejection', note);
  expect(() => planOf('{ later never }')({})({})).toThrow(NotStraight);
  await setImmediate();
  await setImmediate();
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});

it('fails where a field fails later', async () => {
  await expect(planOf('{ later }')({})({})).rejects.toThrow('the database is away');
});
