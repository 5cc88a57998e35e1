import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import { schema } from '../../src/resolvers/schema.ts';

export type Root = 'query' | 'mutation' | 'subscription';

export interface RootField {
  root: Root;
  name: string;
  /** An operation of this field alone, with as little input as can be. */
  operation: string;
  /** The variables that are files. */
  files: string[];
}

/** Every field that an operation can begin with, as the schema has them now. */
export const rootFields = (): RootField[] =>
  (['query', 'mutation', 'subscription'] as const).flatMap((root) => {
    const type = {
      query: schema.getQueryType(),
      mutation: schema.getMutationType(),
      subscription: schema.getSubscriptionType(),
    }[root];
    return Object.values(type!.getFields()).map((field) => operationOf(root, field));
  });

function operationOf(root: Root, field: GraphQLField<unknown, unknown>): RootField {
  const given = field.args.filter(isRequiredArgument);
  const files = given.filter(({ type }) => getNamedType(type).name === 'File').map(({ name }) => name);
  const literal = ({ name, type }: GraphQLArgument): string =>
    `${name}: ${files.includes(name) ? `$${name}` : literalOf(type)}`;
  const args = given.length > 0 ? `(${given.map(literal).join(', ')})` : '';
  const variables = files.length > 0 ? `(${files.map((name) => `$${name}: File!`).join(', ')})` : '';
  const selection = isCompositeType(getNamedType(field.type)) ? ' { __typename }' : '';
  return {
    root,
    name: field.name,
    operation: `${root} ${variables}{ ${field.name}${args}${selection} }`,
    files,
  };
}

/** Something that the type takes. */
function literalOf(type: GraphQLInputType): string {
  if (isNonNullType(type)) return literalOf(type.ofType);
  if (isListType(type)) return `[${literalOf(type.ofType)}]`;
  if (isEnumType(type)) return type.getValues()[0]!.name;
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    const given = type.isOneOf ? fields.slice(0, 1) : fields.filter(isRequiredInputField);
    return `{ ${given.map((field) => `${field.name}: ${literalOf(field.type)}`).join(', ')} }`;
  }
  const scalars: Record<string, string> = { Int: '1', Float: '1', Boolean: 'false', Date: '"2025-01-01"' };
  return scalars[type.name] ?? (type.name === 'DateTime' ? '"2025-01-01T00:00:00Z"' : '"1"');
}
