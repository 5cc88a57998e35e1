/** What one operation, and one caller, may take. */
export interface Limits {
  /** Fields inside each other. */
  depth: number;
  /** About as many values as the answer may hold, see `schema/cost.ts`. */
  cost: number;
  /** Words, names and signs of a document. */
  tokens: number;
  /** Of a document, comments and white space included. */
  characters: number;
  /** In a document, fragments included. */
  aliases: number;
  /** WebSockets of a caller. */
  connections: number;
  /** Subscriptions of a caller, over SSE and WebSocket together. */
  subscriptions: number;
  /** For the answer to a query, in milliseconds. */
  queryMs: number;
  /** For what changes something or brings a file: what is given up here may have happened all the same. */
  mutationMs: number;
}

/**
 * Wide enough for GraphiQL's introspection and for a page of a hundred campaigns with all that belongs to them; a document of so many
 * tokens is validated in less than a second.
 */
export const usualLimits: Limits = {
  depth: 15,
  cost: 100_000,
  tokens: 5_000,
  characters: 100_000,
  aliases: 100,
  connections: 1_000,
  subscriptions: 1_000,
  queryMs: 45_000,
  mutationMs: 600_000,
};
