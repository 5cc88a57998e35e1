import {
  type FieldNode,
  type GraphQLAbstractType,
  GraphQLID,
  GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  GraphQLString,
  getArgumentValues,
  getNullableType,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  type OperationDefinitionNode,
  type SelectionSetNode,
  TypeNameMetaFieldDef,
} from 'graphql';
import { asksWechat } from '../schema/ask-wechat.ts';
import type { Soon } from '../soon.ts';
import {
  type Answer,
  type Complete,
  listOf,
  type MakeObject,
  NotStraight,
  objectOf,
  type PlannedField,
  runFields,
  there,
  type Variables,
} from './query-run.ts';
import { type Reading, selectedFields } from './selected-fields.ts';

/** A plan takes half a kilobyte for each field, hundreds are kept, and repeated fragments grow with every step. */
const MOST_FIELDS = 300;

/** Types whose texts are answered as they are. */
const TEXTS = new Set<unknown>([GraphQLString, GraphQLID]);

/** Answers the data of a query with these variables. Fails with whatever the ordinary executor has to see to. */
export type QueryPlan = (variables: Variables) => (context: unknown) => Soon<object>;

/**
 * A query as functions that do what the executor of GraphQL.js does while all goes well, and nothing else. It holds for the variables
 * of directives that it is made with. Throws `NotStraight` for what cannot be done so.
 */
export function planQuery(reading: Reading, operation: OperationDefinitionNode): QueryPlan {
  const { schema } = reading;
  const info = infoWith({ schema });
  let planned = 0;

  const making = (type: GraphQLObjectType, sets: readonly SelectionSetNode[]): MakeObject =>
    objectOf([...selectedFields(reading, type, sets)].map(([key, nodes]) => planField(type, key, nodes)));

  function planField(type: GraphQLObjectType, key: string, nodes: FieldNode[]): PlannedField {
    const [node] = nodes as [FieldNode];
    const name = node.name.value;
    planned += 1;
    const field = name === TypeNameMetaFieldDef.name ? TypeNameMetaFieldDef : type.getFields()[name];
    // Asking WeChat must not be done again where something else in the query fails. A look at the schema is rare.
    if (!field || asksWechat(field) || key === '__proto__' || planned > MOST_FIELDS) throw new NotStraight();
    return {
      key,
      name,
      argsOf: field.args.length > 0 ? (variables) => getArgumentValues(field, node, variables) : null,
      resolve: field.resolve ?? null,
      info: infoWith({ schema, parentType: type }),
      complete: completing(field.type, nodes),
      isText: TEXTS.has(getNullableType(field.type)),
    };
  }

  function completing(type: GraphQLOutputType, nodes: FieldNode[]): Complete {
    if (isNonNullType(type)) return present(type.ofType, nodes);
    const complete = present(type, nodes);
    return (run, value) => (value === null || value === undefined ? null : complete(run, value));
  }

  function present(type: GraphQLOutputType, nodes: FieldNode[]): Complete {
    if (isLeafType(type)) return (_, value) => there(type.serialize(there(value)));
    if (isListType(type)) return listOf(completing(type.ofType, nodes));
    const sets = nodes.map(({ selectionSet }) => selectionSet!);
    if (isAbstractType(type)) return oneOf(type, sets);
    if (type instanceof GraphQLObjectType) return object(type, sets);
    throw new NotStraight();
  }

  function object(type: GraphQLObjectType, sets: readonly SelectionSetNode[]): Complete {
    const make = making(type, sets);
    const { isTypeOf } = type;
    return (run, value) => {
      if (isTypeOf && isTypeOf(there(value), run.context, info) !== true) throw new NotStraight();
      return make(run, there(value));
    };
  }

  function oneOf(type: GraphQLAbstractType, sets: readonly SelectionSetNode[]): Complete {
    const possible = schema.getPossibleTypes(type);
    const byName = new Map<unknown, Complete>(possible.map((each) => [each.name, object(each, sets)]));
    return (run, value) => {
      const name = type.resolveType
        ? type.resolveType(there(value), run.context, info, type)
        : (there(value) as Answer).__typename;
      const complete = byName.get(name);
      if (!complete) throw new NotStraight();
      return complete(run, value);
    };
  }

  const make = making(schema.getQueryType()!, [operation.selectionSet]);
  return (variables) => {
    const args = new Map();
    return (context) => runFields(make, { context, variables, args });
  };
}

/** What depends on one execution, or is not asked for by anything so far, is not known here. */
const infoWith = (known: Pick<GraphQLResolveInfo, 'schema'> & { parentType?: GraphQLObjectType }) =>
  new Proxy(known as GraphQLResolveInfo, {
    get(target, key) {
      if (!Object.hasOwn(target, key)) throw new NotStraight();
      return Reflect.get(target, key);
    },
  });
