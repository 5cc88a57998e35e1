import {
  defaultFieldResolver,
  GraphQLError,
  type GraphQLField,
  type GraphQLSchema,
  isObjectType,
} from 'graphql';
import { AuditOutcome } from '../access/audit-entry.ts';
import { mayDo } from '../access/keyring.ts';
import { Scope } from '../access/scope.ts';
import type { Context } from '../schema/context.ts';
import { neededBy, recordsItself } from '../schema/needs.ts';
import { askedOf, failureOf, outcomeOf, targetOf } from './audit-outcome.ts';

type Field = GraphQLField<unknown, Context>;
type Resolve = NonNullable<Field['resolve']>;

const forbidden = (scope: Scope): GraphQLError =>
  new GraphQLError(`this needs a key of the scope ${scope}`, { extensions: { code: 'FORBIDDEN' } });

/** Asks for the scope before the field does anything. */
const allowed =
  (scope: Scope, resolve: Resolve): Resolve =>
  (source, args, ctx, info) => {
    if (!mayDo(ctx.caller, scope)) throw forbidden(scope);
    return resolve(source, args, ctx, info);
  };

/**
 * Puts on record who asks, before anything is done or together with it, and what came of it. What cannot be put on record is not done.
 */
const audited =
  (name: string, scope: Scope, recordsItself: boolean, resolve: Resolve): Resolve =>
  async (source, args, ctx, info) => {
    const asked = askedOf(name, args, ctx);
    if (!mayDo(ctx.caller, scope)) {
      await ctx.audit.note(asked, AuditOutcome.FORBIDDEN);
      throw forbidden(scope);
    }
    const record = ctx.audit.open(asked);
    if (!recordsItself) await record.begin();
    // In the context itself and not in a copy: the next mutation of the operation must read with the loaders that this one has renewed.
    ctx.record = record;
    try {
      const result = await resolve(source, args, ctx, info);
      await record.end(outcomeOf(result), targetOf(result));
      return result;
    } catch (error) {
      await record.end(failureOf(error), targetOf(error));
      throw error;
    }
  };

/**
 * Holds every field to the scope that it declares, and what is asked of Query and Subscription to `read`. Around the finished schema,
 * so that nothing of a field runs before. A mutation that declares none is no schema.
 */
export function guarded(schema: GraphQLSchema): GraphQLSchema {
  const [queries, mutations, subscriptions] = [
    schema.getQueryType(),
    schema.getMutationType(),
    schema.getSubscriptionType(),
  ];
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    const usual = type === queries || type === subscriptions ? Scope.READ : null;
    for (const field of Object.values(type.getFields()) as Field[]) {
      const declared = neededBy(field);
      const scope = declared ?? usual;
      if (type === mutations && scope === null) throw new Error(`${field.name} declares no scope`);
      if (scope === null) continue;
      if (declared) field.description = `${field.description} Needs the scope \`${scope}\`.`;
      const resolve = field.resolve ?? defaultFieldResolver;
      if (type === mutations) field.resolve = audited(field.name, scope, recordsItself(field), resolve);
      else if (type === subscriptions && field.subscribe) field.subscribe = allowed(scope, field.subscribe);
      else field.resolve = allowed(scope, resolve);
    }
  }
  return schema;
}
