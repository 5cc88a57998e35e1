import type { GraphQLFieldExtensions } from 'graphql';
import { isScope, type Scope } from '../access/scope.ts';

const NAME = 'scope';
const RECORDS_ITSELF = 'recordsItself';

/** `extensions: needs(Scope.SEND)` at a field: only a key of that scope may ask for it. */
export const needs = (scope: Scope): Record<string, Scope> => ({ [NAME]: scope });

/** A mutation that begins its audit record in the transaction with which it begins. All others begin theirs before. */
export const ITS_OWN_RECORD = { [RECORDS_ITSELF]: true };

export const recordsItself = ({ extensions }: WithExtensions): boolean => extensions[RECORDS_ITSELF] === true;

interface WithExtensions {
  extensions: Readonly<GraphQLFieldExtensions<unknown, unknown>>;
}

/** What a field says it needs; null where it says nothing. */
export function neededBy({ extensions }: WithExtensions): Scope | null {
  const scope = extensions[NAME];
  return typeof scope === 'string' && isScope(scope) ? scope : null;
}
