import { complexityFromQuery } from '@pothos/plugin-complexity';
import { type DocumentNode, type GraphQLSchema, getOperationAST, getVariableValues, Kind } from 'graphql';

export interface OperationCost {
  /** About as many values as the answer holds at most. What looks at many rows or asks WeChat counts more. */
  cost: number;
  /** Fields inside each other, introspection left out. */
  depth: number;
}

/** A look at every row of a table, or a question to WeChat. */
export const FAR_LOOK = 500;

/**
 * What an operation may cost, before it runs. Null where it cannot run anyway: the executor says why.
 * @throws GraphQLError for an argument that no variable gives a value to: only its own field would not run, and all others unweighed
 */
export function costOf(asked: {
  schema: GraphQLSchema;
  document: DocumentNode;
  operationName?: string | null | undefined;
  variableValues?: Record<string, unknown> | null | undefined;
}): OperationCost | null {
  const operation = getOperationAST(asked.document, asked.operationName);
  if (!operation) return null;
  const variables = asked.variableValues ?? {};
  if (getVariableValues(asked.schema, operation.variableDefinitions ?? [], variables).errors) return null;
  const fragments = asked.document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  const { complexity, depth } = complexityFromQuery(
    { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] },
    { schema: asked.schema, variables },
  );
  return { cost: complexity, depth };
}
