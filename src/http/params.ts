/** What a request of GraphQL may carry. */
const PARAMETERS = new Set(['query', 'variables', 'operationName', 'extensions']);

export const hasOnlyParameters = (params: object): boolean =>
  Object.keys(params).every((name) => PARAMETERS.has(name));

export type Fields = Record<string, unknown>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isFieldsIfAny = (value: unknown): value is Fields | null | undefined =>
  value == null || isFields(value);
