import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { createRandom } from '../../prove/random.ts';

export interface RandomQuery {
  query: string;
  variables: Record<string, unknown>;
  operationName?: string;
}

export function createChance(seed: number) {
  const { next, below, oneOf } = createRandom(seed);
  return {
    /** Whether something comes to pass that does so in one of `n` cases. */
    oneIn: (n: number): boolean => next() * n < 1,
    below,
    pick: oneOf,
  };
}
export type Chance = ReturnType<typeof createChance>;

/** Of fields inside each other. */
const DEPTH = 5;

/** Fields that a condition hangs on, now and then. */
const DIRECTIVES = [
  '@skip(if: $yes)',
  '@skip(if: $no)',
  '@include(if: $yes)',
  '@include(if: $no)',
  '@include(if: true)',
];

/** A query over the schema, mostly valid, with values that are mostly of their type. @param known values by names of types */
export function randomQuery(
  schema: GraphQLSchema,
  chance: Chance,
  known: Record<string, readonly unknown[]>,
): RandomQuery {
  const variables: Record<string, unknown> = {};
  const definitions: string[] = [];
  const fragments: string[] = [];
  let conditions = false;
  let aliases = 0;

  function someOf(type: GraphQLInputType): unknown {
    if (isNonNullType(type)) return chance.oneIn(150) ? null : someOf(type.ofType);
    if (chance.oneIn(8)) return null;
    if (chance.oneIn(120))
      return chance.pick<unknown>([1.5, 'x', true, {}, [], [null], -1, 2 ** 31, '', 'é😀', 1e300]);
    if (isListType(type)) return Array.from({ length: chance.below(3) }, () => someOf(type.ofType));
    if (isEnumType(type)) return chance.pick(type.getValues()).name;
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter(() => chance.oneIn(4));
      return Object.fromEntries(fields.map((field) => [field.name, someOf(field.type)]));
    }
    return chance.pick(known[getNamedType(type).name] ?? ['?']);
  }

  function literal(type: GraphQLInputType, value: unknown): string {
    if (isNonNullType(type)) return literal(type.ofType, value);
    if (isEnumType(type) && typeof value === 'string') return /^\w+$/.test(value) ? value : 'NONE';
    if (Array.isArray(value)) {
      const inner = isListType(type) ? type.ofType : type;
      return `[${value.map((each) => literal(inner, each)).join(', ')}]`;
    }
    if (typeof value === 'object' && value !== null) {
      const fields = isInputObjectType(type) ? type.getFields() : {};
      const parts = Object.entries(value).map(
        ([name, each]) => `${name}: ${literal(fields[name]!.type, each)}`,
      );
      return `{ ${parts.join(', ')} }`;
    }
    return JSON.stringify(value);
  }

  function argument({ name, type }: GraphQLArgument): string {
    const value = someOf(type);
    if (!chance.oneIn(2)) return `${name}: ${literal(type, value)}`;
    const variable = `v${definitions.length}`;
    const byDefault = chance.oneIn(6) && !isNonNullType(type) ? ` = ${literal(type, someOf(type))}` : '';
    definitions.push(`$${variable}: ${chance.oneIn(100) ? 'Int' : type}${byDefault}`);
    if (!chance.oneIn(8)) variables[variable] = value;
    return `${name}: $${variable}`;
  }

  function fieldOf(field: GraphQLField<unknown, unknown>, depth: number): string {
    const type = getNamedType(field.type);
    const args = field.args.filter(({ type: of }) => isNonNullType(of) || chance.oneIn(3)).map(argument);
    const name = chance.oneIn(30) ? chance.pick(['id', 'b', '_']) : `a${aliases++}`;
    // One field twice, with other arguments, is an error without.
    const alias = args.length > 0 || chance.oneIn(6) ? `${name}: ` : '';
    const condition = chance.oneIn(12) ? ` ${chance.pick(DIRECTIVES)}` : '';
    if (condition.includes('$')) conditions = true;
    const inner = isLeafType(type) ? '' : ` ${selection(type, depth - 1)}`;
    return `${alias}${field.name}${args.length > 0 ? `(${args.join(', ')})` : ''}${condition}${inner}`;
  }

  function selection(type: GraphQLNamedType, depth: number): string {
    const parts: string[] = [];
    const fields =
      'getFields' in type ? (Object.values(type.getFields()) as GraphQLField<unknown, unknown>[]) : [];
    const wanted = depth === DEPTH ? 1 : 1 + chance.below(6);
    for (let tries = 0; fields.length > 0 && parts.length < wanted && tries < 30; tries++) {
      const field = chance.pick(fields);
      if (depth > 0 || isLeafType(getNamedType(field.type))) parts.push(fieldOf(field, depth));
    }
    const objects = isAbstractType(type) ? schema.getPossibleTypes(type) : isObjectType(type) ? [type] : [];
    if (objects.length > 0 && depth > 0 && (isAbstractType(type) || chance.oneIn(5))) {
      const object = chance.pick(objects);
      if (chance.oneIn(2)) parts.push(`... on ${object.name} ${selection(object, depth - 1)}`);
      else {
        const name = `F${fragments.length}`;
        fragments.push('');
        fragments[fragments.length - 1] =
          `fragment ${name} on ${object.name} ${selection(object, depth - 1)}`;
        parts.push(`...${name}`);
        if (chance.oneIn(3)) parts.push(`...${name}`);
      }
    }
    if (parts.length === 0 || chance.oneIn(6)) parts.push('__typename');
    if (chance.oneIn(150)) parts.push('nothingOfThatName');
    return `{ ${parts.join(' ')} }`;
  }

  const body = selection(schema.getQueryType()!, DEPTH);
  if (conditions) {
    definitions.push('$yes: Boolean! = true', '$no: Boolean = false');
    if (chance.oneIn(2)) Object.assign(variables, { yes: chance.oneIn(2), no: chance.oneIn(2) });
  }
  const header = definitions.length > 0 ? `(${definitions.join(', ')})` : '';
  const query = [`query Q${header} ${body}`, ...fragments].join('\n');
  if (chance.oneIn(10))
    return { query: `${query}\nquery R { accounts { appId } }`, variables, operationName: 'Q' };
  if (chance.oneIn(30)) return { query, variables, operationName: 'Nobody' };
  return { query, variables };
}
