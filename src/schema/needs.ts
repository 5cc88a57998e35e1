import type { GraphQLFieldExtensions } from 'graphql';
import { isScope, type Scope } from '../access/scope.ts';

const NAME = 'scope';

/** `extensions: needs(Scope.SEND)` at a field: only a key of that scope may ask for it. */
export const needs = (scope: Scope): Record<string, Scope> => ({ [NAME]: scope });

/** What a field says it needs; null where it says nothing. */
export function neededBy({
  extensions,
}: {
  extensions: Readonly<GraphQLFieldExtensions<unknown, unknown>>;
}): Scope | null {
  const scope = extensions[NAME];
  return typeof scope === 'string' && isScope(scope) ? scope : null;
}
