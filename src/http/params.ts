/** What a request of GraphQL may carry. */
const PARAMETERS = new Set(['query', 'variables', 'operationName', 'extensions']);

export const hasOnlyParameters = (params: object): boolean =>
  Object.keys(params).every((name) => PARAMETERS.has(name));

export type Fields = Record<string, unknown>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isFieldsIfAny = (value: unknown): boolean => value == null || isFields(value);

/** Parameters whose document alone is not looked at yet. */
export interface WellFormed {
  variables?: Fields | null;
  operationName?: string | null;
  extensions?: Fields | null;
}

export const isWellFormed = (params: Fields): params is Fields & WellFormed =>
  isFieldsIfAny(params.variables) &&
  (params.operationName == null || typeof params.operationName === 'string') &&
  isFieldsIfAny(params.extensions);
